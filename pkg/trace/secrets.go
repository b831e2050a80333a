package trace

import (
	"fmt"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// judgeExternalSecrets judges the kinds of external-secrets (v1.3 apis/externalsecrets).
func (p *place) judgeExternalSecrets(j *judgement, o facts.Object) *judgement {
	switch o.Ref.Kind {
	case "ExternalSecret":
		return p.judgeExternalSecret(j, o)
	case "SecretStore", "ClusterSecretStore":
		return p.judgeConditions(j, o, CodeSecretStoreNotReady, kinds.ConditionReady)
	case "PushSecret", "ClusterPushSecret", "ClusterExternalSecret":
		return p.judgeConditions(j, o, CodeSecretNotSynced, kinds.ConditionReady)
	}
	return p.judgeOther(j, o)
}

// judgeExternalSecret: a store that is not ready is the cause of every secret that it does not deliver (external-secrets v1.3
// pkg/controllers/externalsecret/externalsecret_controller.go). Ready=True with reason SecretMissing or SecretDeleted means
// that all went as declared, and there is no Secret.
func (p *place) judgeExternalSecret(j *judgement, o facts.Object) *judgement {
	ready := kinds.ConditionOf(o.Body, kinds.ConditionReady)
	if ready.True() && (ready.Reason == "SecretMissing" || ready.Reason == "SecretDeleted") && !p.recent(p.began(o, ready), startClock) {
		j.Summary = "ExternalSecret: " + ready.Reason
		f := conditionFinding(CodeSecretNotSynced, ready)
		f.Hint = "the Secret does not exist, although Ready is True: with creationPolicy Merge somebody else must create it; with deletionPolicy Delete the provider has no data"
		return j.fail(f)
	}
	if p.judgeConditions(j, o, CodeSecretNotSynced, kinds.ConditionReady); j.State == Failed && ready.False() {
		p.blameStore(&j.Findings[len(j.Findings)-1], o, ready)
	}
	p.notRefreshed(j, o)
	return j
}

// blameStore leads a failed secret to its store. A store that became ready after the secret had failed is the cause no more:
// external-secrets tries again with a delay that grows to 16 minutes (controller-runtime v0.24), and nothing wakes it.
func (p *place) blameStore(f *Finding, o facts.Object, failed kinds.Condition) {
	store := p.Object(storeOf(o))
	ready := kinds.ConditionOf(store.Body, kinds.ConditionReady)
	switch {
	case store.Outcome == facts.Absent && p.planeIsHere():
		f.Code, f.Object, f.Path = CodeSecretStoreNotReady, store.Ref, []facts.Ref{o.Ref}
		f.Hint = fmt.Sprintf("%s does not exist", store.Ref)
	case ready.False():
		f.Code, f.Object, f.Path = CodeSecretStoreNotReady, store.Ref, []facts.Ref{o.Ref}
		f.Message, f.Since, f.Evidence = ready.Message, since(ready), quote(ready)
		f.Hint = "every ExternalSecret that reads from this store fails"
	case ready.True() && since(ready).After(since(failed)):
		f.Hint = fmt.Sprintf("%s is ready since %s, after this failure: refresh the ExternalSecret", store.Ref, since(ready).UTC().Format(time.RFC3339))
		f.Evidence = append(f.Evidence, Evidence{
			store.Ref.Kind + " status.conditions[Ready].lastTransitionTime", since(ready).UTC().Format(time.RFC3339),
		})
		f.Next = []string{fmt.Sprintf("kubectl -n %s annotate externalsecret %s force-sync=%d --overwrite   # on the data plane", o.Ref.Namespace, o.Ref.Name, p.now.Unix())}
	}
}

// notRefreshed: every refresh, also one that changes nothing, writes status.refreshTime. Where it stands still, the Secret
// holds what the provider had then.
func (p *place) notRefreshed(j *judgement, o facts.Object) {
	interval, err := time.ParseDuration(kinds.Text(o.Body, "spec", "refreshInterval"))
	refreshed := kinds.Time(o.Body, "status", "refreshTime")
	policy := orElse(kinds.Text(o.Body, "spec", "refreshPolicy"), "Periodic")
	if j.State != OK || err != nil || interval <= 0 || policy != "Periodic" || refreshed.IsZero() || p.recent(refreshed, 2*interval+refreshClock) {
		return
	}
	j.note(Warning, Finding{
		Code: CodeNotObserved, Since: refreshed,
		Message:  fmt.Sprintf("%s was last refreshed at %s, and is to be every %s", o.Ref, refreshed.UTC().Format(time.RFC3339), interval),
		Hint:     "does external-secrets run on the plane? the Secret holds what the provider had then",
		Evidence: []Evidence{{"status.refreshTime", refreshed.UTC().Format(time.RFC3339)}},
	})
}

func storeOf(o facts.Object) facts.Ref {
	ref := facts.Ref{
		Plane: o.Ref.Plane, Group: kinds.ExternalSecrets, Kind: orElse(kinds.Text(o.Body, "spec", "secretStoreRef", "kind"), "SecretStore"),
		Namespace: o.Ref.Namespace, Name: kinds.Text(o.Body, "spec", "secretStoreRef", "name"),
	}
	if ref.Kind == "ClusterSecretStore" {
		ref.Namespace = ""
	}
	return ref
}

// judgeSealedSecret: the controller of Sealed Secrets may be told to write no status (sealed-secrets v0.27
// --update-status), so its silence is worth a warning only.
func (p *place) judgeSealedSecret(j *judgement, o facts.Object) *judgement {
	if hasStatus(o) || p.recent(p.madeAt(o), p.statusClock(o)) {
		return p.judgeConditions(j, o, CodeSecretNotSynced, "Synced")
	}
	j.note(Warning, Finding{
		Code: CodeNotObserved, Message: fmt.Sprintf("%s has no status", o.Ref), Since: p.madeAt(o),
		Hint: "either the Sealed Secrets controller does not run on the plane, or it runs with --update-status=false",
	})
	return j.ok("SealedSecret")
}
