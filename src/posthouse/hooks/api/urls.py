from django.urls import path

from posthouse.hooks.api import views

urlpatterns = [
    path("webhooks/", views.WebhooksView.as_view()),
    path("webhooks/events/", views.EventsView.as_view()),
    path("webhooks/<id:endpoint_id>/", views.WebhookView.as_view()),
    path("webhooks/<id:endpoint_id>/rotate/", views.RotateView.as_view()),
    path("webhooks/<id:endpoint_id>/test/", views.TestView.as_view()),
    path("webhooks/<id:endpoint_id>/deliveries/", views.DeliveriesView.as_view()),
    path("webhooks/<id:endpoint_id>/deliveries/<id:delivery_id>/", views.DeliveryView.as_view()),
    path("webhooks/<id:endpoint_id>/deliveries/<id:delivery_id>/replay/", views.ReplayView.as_view()),
]
