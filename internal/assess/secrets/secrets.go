// Package secrets assesses the objects that create Secrets: those of External Secrets and of Sealed Secrets. No Secret is read.
package secrets

import (
	"cmp"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/conditions"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/command"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// AssessExternalSecret assesses an ExternalSecret. A store that is not ready is the cause of every secret that it does not deliver (external-secrets v1.3
// pkg/controllers/externalsecret/externalsecret_controller.go). Ready=True with reason SecretMissing or SecretDeleted means
// that all went as declared, and there is no Secret: another client may still create the one to merge into.
func AssessExternalSecret(p *view.Environment, j *result.Result, o facts.Object) *result.Result {
	if !conditions.HasStatus(o) && view.CreatedAt(o).IsZero() {
		return reportedWithoutStatus(j, o)
	}
	ready := kinds.ConditionOf(o.Body, kinds.ConditionReady)
	grace := map[string]time.Duration{"SecretMissing": view.StartTimeout, "SecretDeleted": view.SettleTimeout}
	if limit, without := grace[ready.Reason]; without && ready.True() && !p.Within(p.StartedAt(o, ready), limit) {
		f := conditions.Finding(o.Ref.Kind, trace.CodeSecretNotSynced, ready)
		f.Hint = fmt.Sprintf("Secret %s does not exist, and with creationPolicy Merge this ExternalSecret does not create it: commit what creates the Secret, or set spec.target.creationPolicy to Owner", targetOf(o))
		if ready.Reason == "SecretDeleted" {
			f.Hint = "the store no longer has the data, so External Secrets deleted the Secret, as deletionPolicy is Delete: if pods need the Secret, put the data back into the store, otherwise remove the ExternalSecret"
		}
		return j.FailWithCode(o.Ref.Kind, f)
	}
	if conditions.Assess(p, j, o, trace.CodeSecretNotSynced, kinds.ConditionReady); j.State == trace.Failed && ready.False() {
		f := &j.Findings[len(j.Findings)-1]
		*f = explained(p, *f, o)
		blameStore(p, f, o, ready)
		j.Summary = result.WithCode(o.Ref.Kind, f.Code)
	}
	if seen, known := syncedGeneration(o); known && j.State == trace.OK && seen < o.Body.GetGeneration() {
		return specNotSynced(p, j, o, seen)
	}
	notRefreshed(p, j, o)
	return j
}

// reportedWithoutStatus is for an ExternalSecret that was not read itself. Once its Secret exists, OpenChoreo reports no status of it: the
// Secret has the same labels (openchoreo v1.2.3 internal/controller/renderedrelease/controller_status.go, buildResourceStatus).
func reportedWithoutStatus(j *result.Result, o facts.Object) *result.Result {
	j.Note(trace.Info, trace.Finding{
		Code: trace.CodeGenerationNotObserved, Message: fmt.Sprintf("OpenChoreo reports no status of %s", o.Ref),
		Hint: "it does not, once the Secret exists; read the ExternalSecret on the data plane to see when it was synced",
	})
	return j.OK("ExternalSecret, status not reported")
}

// explained takes the message from the event: the condition has one of a few fixed texts, such as "could not get secret data from provider"
// (external-secrets v0.16.2 pkg/controllers/externalsecret/externalsecret_controller.go, markAsFailed).
func explained(p *view.Environment, f trace.Finding, o facts.Object) trace.Finding {
	f = p.WithEvent(f, o.Ref, kinds.ReasonUpdateFailed)
	switch {
	case strings.Contains(f.Message, "denied by spec.condition"):
		store := storeOf(o)
		f.Hint = fmt.Sprintf("%s admits only the namespaces that its spec.conditions select: add this namespace there, or name another store in spec.secretStoreRef", store)
		f.NextSteps = []trace.NextStep{{
			Role: trace.RoleDataPlane, Plane: o.Ref.Plane, Command: command.Fill("kubectl get clustersecretstores.external-secrets.io STORE -o jsonpath='{.spec.conditions}'", map[string]string{"STORE": store.Name}),
		}}
	case strings.HasSuffix(f.Message, "err: Secret does not exist"):
		keyMissing(&f, o)
	case strings.HasPrefix(f.Message, "could not apply template: "):
		f.Hint = "spec.target.template of the ExternalSecret is invalid: correct it"
	}
	return f
}

// entryOf is how External Secrets names the entry of spec.data that it cannot read (external-secrets v0.16.2
// pkg/controllers/externalsecret/externalsecret_controller_secret.go).
var entryOf = regexp.MustCompile(`^error processing (spec\.data\[\d+\]) \(key: ([^)]+)\), err: `)

// keyMissing names the key that the store lacks, the field with its name, and the command that shows where the store reads.
func keyMissing(f *trace.Finding, o facts.Object) {
	store, key, field := "the store", "this key", "spec.data"
	if m := entryOf.FindStringSubmatch(f.Message); m != nil {
		field, key = m[1]+".remoteRef.key", "key "+m[2]
	}
	if ref := storeOf(o); ref.Name != "" { // else an entry of spec.data has its own
		store = ref.String()
		f.NextSteps = []trace.NextStep{{Role: trace.RoleDataPlane, Plane: o.Ref.Plane, Command: providerCommand(ref)}}
	}
	f.Hint = fmt.Sprintf("%s does not have %s: add it to the backend in spec.provider of the store, or correct %s of the ExternalSecret", store, key, field)
}

func providerCommand(store facts.Ref) string {
	line := "kubectl get secretstores.external-secrets.io STORE -n STORE_NAMESPACE -o jsonpath='{.spec.provider}'"
	if store.Namespace == "" {
		line = "kubectl get clustersecretstores.external-secrets.io STORE -o jsonpath='{.spec.provider}'"
	}
	return command.Fill(line, map[string]string{"STORE": store.Name, "STORE_NAMESPACE": store.Namespace})
}

// syncedGeneration is the generation of the spec that was last synced: status.syncedResourceVersion is GENERATION-HASH (external-secrets
// v0.16.2 pkg/controllers/util/util.go, GetResourceVersion).
func syncedGeneration(o facts.Object) (generation int64, known bool) {
	text, _, _ := strings.Cut(kinds.Text(o.Body, "status", "syncedResourceVersion"), "-")
	generation, err := strconv.ParseInt(text, 10, 64)
	return generation, err == nil
}

// specNotSynced: Ready stays True for the spec before. Where the ExternalSecret is synced only once, nothing but a new Secret changes that.
func specNotSynced(p *view.Environment, j *result.Result, o facts.Object, seen int64) *result.Result {
	if !kinds.SyncsOnce(o.Body) {
		return conditions.StatusOutdated(p, j, o)
	}
	j.Current = trace.Behind
	return j.Note(trace.Warning, trace.Finding{
		Code: trace.CodeSecretNotSynced, Since: kinds.Time(o.Body, "status", "refreshTime"),
		Message: fmt.Sprintf("the Secret has the data of generation %d of %s, and generation %d is not synced: it is synced only once", seen, o.Ref, o.Body.GetGeneration()),
		Hint:    "delete the Secret, and External Secrets creates it from the new spec; for the next change, set refreshPolicy to OnChange, or an interval above 0",
		NextSteps: []trace.NextStep{{
			Role: trace.RoleDataPlane, Plane: o.Ref.Plane, OnlyIf: "the new data is in the store",
			Command: command.Format("kubectl delete secret %s -n %s", targetOf(o), o.Ref.Namespace),
		}},
		Evidence: []trace.Evidence{{Path: "status.syncedResourceVersion", Value: kinds.Text(o.Body, "status", "syncedResourceVersion")}},
	})
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
		f.Hint = p.CreateOrCorrect(store.Ref, "spec.secretStoreRef of the ExternalSecret")
	case ready.False():
		f.Code, f.Object, f.Path = trace.CodeSecretStoreNotReady, store.Ref, []facts.Ref{o.Ref}
		f.Message, f.Since, f.Evidence = ready.Message, view.LastTransition(ready), view.ConditionEvidence(ready)
		f.Hint = "every ExternalSecret that reads from this store fails: correct the provider in its spec, or the rights of the account in it"
	case ready.True() && !view.LastTransition(failed).IsZero() && view.LastTransition(ready).After(view.LastTransition(failed)):
		f.Fix = trace.FixOutside
		f.Hint = fmt.Sprintf("%s is ready since %s, after this failure: refresh the ExternalSecret", store.Ref, view.LastTransition(ready).UTC().Format(time.RFC3339))
		f.Evidence = append(f.Evidence, trace.Evidence{
			Path: store.Ref.Kind + " status.conditions[Ready].lastTransitionTime", Value: view.LastTransition(ready).UTC().Format(time.RFC3339),
		})
	}
}

// notRefreshed: every refresh, also one that changes nothing, writes status.refreshTime. If it does not move, the Secret
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

// targetOf is the name of the Secret.
func targetOf(o facts.Object) string {
	return cmp.Or(kinds.Text(o.Body, "spec", "target", "name"), o.Ref.Name)
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
