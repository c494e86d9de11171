from django.urls import path

from posthouse.notifications.api import choosing, letters, views

urlpatterns = [
    path("notifications/", views.NotificationsView.as_view()),
    path("notifications/mark_all_read/", views.MarkAllReadView.as_view()),
    path("notifications/settings/", choosing.SettingsView.as_view()),
    path("notifications/rules/", choosing.RulesView.as_view()),
    path("notifications/rules/<id:rule_id>/", choosing.RuleView.as_view()),
    path("notifications/devices/", choosing.DevicesView.as_view()),
    path("notifications/devices/<id:device_id>/", choosing.DeviceView.as_view()),
    path("notifications/devices/<id:device_id>/test/", choosing.DeviceTestView.as_view()),
    path("notifications/decisions/", views.WhyView.as_view()),
    path("notifications/letters/stop/", letters.StopView.as_view()),
    path("notifications/<id:notification_id>/", views.NotificationView.as_view()),
]
