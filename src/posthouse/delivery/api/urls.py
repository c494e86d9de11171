from django.urls import path

from posthouse.delivery.api import domains, queue, rules, sending, views

urlpatterns = [
    path("send/", views.SendView.as_view()),
    path("drafts/<id:email_id>/send/", views.SendDraftView.as_view()),
    path("submissions/", views.SubmissionsView.as_view()),
    path("submissions/<id:submission_id>/", views.SubmissionView.as_view()),
    path("submissions/<id:submission_id>/cancel/", views.CancelView.as_view()),
    path("domains/<id:domain_id>/check/", domains.CheckView.as_view()),
    path("queue/", queue.QueueView.as_view()),
    path("queue/destinations/", queue.DestinationsView.as_view()),
    path("queue/act/", queue.QueueActView.as_view()),
    path("sending/limits/", sending.LimitsView.as_view()),
    path("sending/stops/", sending.StopsView.as_view()),
    path("sending/stops/<id:stop_id>/release/", sending.ReleaseView.as_view()),
    path("sending/stops/<id:stop_id>/discard/", sending.DiscardView.as_view()),
    path("domains/<id:domain_id>/keys/schedule/", domains.ScheduleView.as_view()),
    path("domains/<id:domain_id>/reports/", domains.ReportsView.as_view()),
    path("rules/", rules.RulesView.as_view()),
    path("rules/preview/", rules.PreviewView.as_view()),
    path("rules/<id:rule_id>/", rules.RuleView.as_view()),
    path("rules/<id:rule_id>/apply/", rules.ApplyView.as_view()),
    path("rules/runs/<id:run_id>/", rules.RunView.as_view()),
    path("rules/runs/<id:run_id>/undo/", rules.UndoView.as_view()),
]

named_patterns = [path("create/v1/", views.CreateView.as_view())]
"""Below /mail/, as the requirements name it (G10)."""
