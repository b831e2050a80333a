package health

import (
	"cmp"
	"fmt"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/conditions"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// assessExternalSecret: a store that is not ready is the cause of every secret that it does not deliver (external-secrets v1.3
// pkg/controllers/externalsecret/externalsecret_controller.go). Ready=True with reason SecretMissing or SecretDeleted means
// that all went as declared, and there is no Secret.
func assessExternalSecret(p *view.Environment, j *result.Result, o facts.Object) *result.Result {
	ready := kinds.ConditionOf(o.Body, kinds.ConditionReady)
	if ready.True() && (ready.Reason == "SecretMissing" || ready.Reason == "SecretDeleted") && !p.Within(p.StartedAt(o, ready), view.StartTimeout) {
		f := conditions.Finding(o.Ref.Kind, trace.CodeSecretNotSynced, ready)
		f.Hint = "the Secret does not exist, although Ready is True: with creationPolicy Merge another client must create it; with deletionPolicy Delete the provider has no data"
		return j.FailWithCode(o.Ref.Kind, f)
	}
	if conditions.Assess(p, j, o, trace.CodeSecretNotSynced, kinds.ConditionReady); j.State == trace.Failed && ready.False() {
		f := &j.Findings[len(j.Findings)-1]
		blameStore(p, f, o, ready)
		j.Summary = result.WithCode(o.Ref.Kind, f.Code)
	}
	notRefreshed(p, j, o)
	return j
}

// blameStore leads a failed secret to its store. A store that became ready after the secret had failed is the cause no more:
// external-secrets retries with a delay that grows to 7 minutes, and does not watch stores (external-secrets v0.16.2
// pkg/controllers/common/common.go, BuildRateLimiter; pkg/controllers/externalsecret/externalsecret_controller.go, SetupWithManager).
func blameStore(p *view.Environment, f *trace.Finding, o facts.Object, failed kinds.Condition) {
	store := p.Object(storeOf(o))
	ready := kinds.ConditionOf(store.Body, kinds.ConditionReady)
	switch {
	case store.Outcome == facts.Absent && p.IsExpectedPlane():
		f.Code, f.Object, f.Path = trace.CodeSecretStoreNotReady, store.Ref, []facts.Ref{o.Ref}
		f.Hint = fmt.Sprintf("%s does not exist", store.Ref)
	case ready.False():
		f.Code, f.Object, f.Path = trace.CodeSecretStoreNotReady, store.Ref, []facts.Ref{o.Ref}
		f.Message, f.Since, f.Evidence = ready.Message, view.LastTransition(ready), view.ConditionEvidence(ready)
		f.Hint = "every ExternalSecret that reads from this store fails"
	case ready.True() && !view.LastTransition(failed).IsZero() && view.LastTransition(ready).After(view.LastTransition(failed)):
		f.Hint = fmt.Sprintf("%s is ready since %s, after this failure: refresh the ExternalSecret", store.Ref, view.LastTransition(ready).UTC().Format(time.RFC3339))
		f.Evidence = append(f.Evidence, trace.Evidence{
			Path: store.Ref.Kind + " status.conditions[Ready].lastTransitionTime", Value: view.LastTransition(ready).UTC().Format(time.RFC3339),
		})
	}
}

// notRefreshed: every refresh, also one that changes nothing, writes status.refreshTime. Where it stands still, the Secret
// holds what the provider had then.
func notRefreshed(p *view.Environment, j *result.Result, o facts.Object) {
	interval, err := time.ParseDuration(kinds.Text(o.Body, "spec", "refreshInterval"))
	refreshed := kinds.Time(o.Body, "status", "refreshTime")
	policy := cmp.Or(kinds.Text(o.Body, "spec", "refreshPolicy"), "Periodic")
	if j.State != trace.OK || err != nil || interval <= 0 || policy != "Periodic" || refreshed.IsZero() || p.Within(refreshed, 2*interval+view.RefreshTimeout) {
		return
	}
	j.Note(trace.Warning, trace.Finding{
		Code: trace.CodeGenerationNotObserved, Since: refreshed,
		Message:  fmt.Sprintf("%s was last refreshed at %s, but its refresh interval is %s", o.Ref, refreshed.UTC().Format(time.RFC3339), interval),
		Hint:     "check that the External Secrets Operator runs on the data plane; the Secret has the values of that time",
		Evidence: []trace.Evidence{{Path: "status.refreshTime", Value: refreshed.UTC().Format(time.RFC3339)}},
	})
}

func storeOf(o facts.Object) facts.Ref {
	ref := facts.Ref{
		Plane: o.Ref.Plane, Group: kinds.ExternalSecrets, Kind: cmp.Or(kinds.Text(o.Body, "spec", "secretStoreRef", "kind"), "SecretStore"),
		Namespace: o.Ref.Namespace, Name: kinds.Text(o.Body, "spec", "secretStoreRef", "name"),
	}
	if ref.Kind == "ClusterSecretStore" {
		ref.Namespace = ""
	}
	return ref
}

// assessSealedSecret: the controller of Sealed Secrets may be told to write no status (sealed-secrets v0.27
// --update-status), so its silence is worth a warning only.
func assessSealedSecret(p *view.Environment, j *result.Result, o facts.Object) *result.Result {
	if conditions.HasStatus(o) || p.Within(p.MadeAt(o), conditions.StatusTimeout(o)) {
		return conditions.Assess(p, j, o, trace.CodeSecretNotSynced, "Synced")
	}
	j.Note(trace.Warning, trace.Finding{
		Code: trace.CodeGenerationNotObserved, Message: fmt.Sprintf("%s has no status", o.Ref), Since: p.MadeAt(o),
		Hint: "either the Sealed Secrets controller does not run on the data plane, or it runs with --update-status=false",
	})
	return j.OK("SealedSecret")
}
