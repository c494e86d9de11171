from django.urls import path

from posthouse.delivery.api import (
    automatic,
    domains,
    junk,
    leaving,
    lists,
    refusals,
    rules,
    signatures,
    templates,
    views,
)

urlpatterns = [
    path("send/", views.SendView.as_view()),
    path("drafts/<id:email_id>/send/", views.SendDraftView.as_view()),
    path("submissions/", views.SubmissionsView.as_view()),
    path("submissions/<id:submission_id>/", views.SubmissionView.as_view()),
    path("submissions/<id:submission_id>/cancel/", views.CancelView.as_view()),
    path("domains/<id:domain_id>/check/", domains.CheckView.as_view()),
    path("refusals/", refusals.RefusalsView.as_view()),
    path("emails/<id:email_id>/unsubscribe/", leaving.LeaveView.as_view()),
    path("lists/unsubscribe/", lists.UnsubscribeView.as_view()),
    path("lists/suppressions/", lists.SuppressionsView.as_view()),
    path("lists/suppressions/<id:suppression_id>/", lists.SuppressionView.as_view()),
    path("vacation/", automatic.VacationView.as_view()),
    path("forwards/", automatic.ForwardsView.as_view()),
    path("forwards/<id:forward_id>/", automatic.ForwardView.as_view()),
    path("forwards/<id:forward_id>/code/", automatic.ForwardCodeView.as_view()),
    path("forwards/<id:forward_id>/confirm/", automatic.ForwardConfirmView.as_view()),
    path("signatures/", signatures.SignaturesView.as_view()),
    path("signatures/<id:signature_id>/", signatures.SignatureView.as_view()),
    path("templates/", templates.TemplatesView.as_view()),
    path("templates/<id:template_id>/", templates.TemplateView.as_view()),
    path("rules/", rules.RulesView.as_view()),
    path("rules/preview/", rules.PreviewView.as_view()),
    path("rules/<id:rule_id>/", rules.RuleView.as_view()),
    path("rules/<id:rule_id>/apply/", rules.ApplyView.as_view()),
    path("rules/runs/<id:run_id>/", rules.RunView.as_view()),
    path("rules/runs/<id:run_id>/undo/", rules.UndoView.as_view()),
    path("junk/", junk.JunkView.as_view()),
    path("junk/forget/", junk.ForgetView.as_view()),
    path("junk/senders/", junk.SendersView.as_view()),
    path("junk/senders/<id:entry_id>/", junk.SenderView.as_view()),
    path("junk/organisation/", junk.JunkOfAllView.as_view()),
    path("junk/organisation/forget/", junk.ForgetOfAllView.as_view()),
    path("junk/organisation/senders/", junk.SendersOfAllView.as_view()),
]

named_patterns = [path("create/v1/", views.CreateView.as_view())]
"""Below /mail/, as the requirements name it (G10)."""
