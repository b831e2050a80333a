package secrets

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

const (
	externalSecret = `{apiVersion: external-secrets.io/v1, kind: ExternalSecret, metadata: {name: db, generation: 2}, spec: SPEC, status: STATUS}`
	failed         = `{conditions: [{type: Ready, status: "False", reason: SecretSyncedError, message: "could not get secret data from provider", lastTransitionTime: <10m>}]}`
	ready          = `{conditions: [{type: Ready, status: "True", reason: SecretSynced, message: synced, lastTransitionTime: <10m>}]`
)

// assessed is an ExternalSecret an hour after it was created.
func assessed(t *testing.T, spec, status string) *result.Result {
	t.Helper()
	w := assesstest.Healthy(t)
	o := w.PlaneObject(assesstest.Replaced(externalSecret, "SPEC", spec, "STATUS", status))
	return AssessExternalSecret(w.Development(), result.New(trace.RungResource, o.Ref), o.Live)
}

// TestExternalSecret: Ready is not enough where the Secret is missing, of an older spec, or not refreshed.
func TestExternalSecret(t *testing.T) {
	t.Parallel()
	const fromStore = `{secretStoreRef: {name: vault}}`
	missing := func(reason, age string) string {
		return `{conditions: [{type: Ready, status: "True", reason: ` + reason + `, message: "no secret", lastTransitionTime: ` + age + `}]}`
	}
	for name, c := range map[string]struct {
		spec, status string
		want         []string // state, and the code and severity of each finding
	}{
		"Synced":             {fromStore, ready + `, syncedResourceVersion: 2-abc}`, []string{"OK"}},
		"UnknownGeneration":  {fromStore, ready + `, syncedResourceVersion: abc}`, []string{"OK"}},
		"OlderGeneration":    {fromStore, ready + `, syncedResourceVersion: 1-abc}`, []string{"Progressing"}}, // the release is new
		"OnceAndOlder":       {`{refreshPolicy: CreatedOnce}`, ready + `, syncedResourceVersion: 1-abc}`, []string{"OK", "warning SecretNotSynced"}},
		"Refreshed":          {`{refreshInterval: 5m}`, ready + `, refreshTime: <19m>}`, []string{"OK"}},
		"NotRefreshed":       {`{refreshInterval: 5m}`, ready + `, refreshTime: <21m>}`, []string{"OK", "warning GenerationNotObserved"}},
		"NeverRefreshed":     {`{refreshInterval: "0"}`, ready + `, refreshTime: <21m>}`, []string{"OK"}},
		"RefreshedOnChange":  {`{refreshInterval: 5m, refreshPolicy: OnChange}`, ready + `, refreshTime: <21m>}`, []string{"OK"}},
		"MissingForAWhile":   {fromStore, missing("SecretMissing", "<299s>"), []string{"OK"}},
		"Missing":            {fromStore, missing("SecretMissing", "<301s>"), []string{"Failed", "error SecretNotSynced"}},
		"DeletedForAWhile":   {fromStore, missing("SecretDeleted", "<29s>"), []string{"OK"}},
		"Deleted":            {fromStore, missing("SecretDeleted", "<31s>"), []string{"Failed", "error SecretNotSynced"}},
		"Failed":             {fromStore, failed, []string{"Failed", "error SecretNotSynced"}}, // its store was not read
		"WithoutStatus":      {fromStore, `{}`, []string{"Failed", "error GenerationNotObserved"}},
		"OfAnotherCondition": {fromStore, `{conditions: [{type: Deleted, status: "True", lastTransitionTime: <10m>}]}`, []string{"Failed", "error GenerationNotObserved"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			j := assessed(t, c.spec, c.status)
			got := []string{j.State.String()}
			for _, f := range j.Findings {
				got = append(got, string(f.Severity)+" "+string(f.Code))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// TestSyncedOnce: nothing but a new Secret brings the new spec, so the finding has the command that deletes it.
func TestSyncedOnce(t *testing.T) {
	t.Parallel()
	for spec, secret := range map[string]string{
		`{refreshPolicy: CreatedOnce, target: {name: login}}`: "login", `{refreshInterval: 0s}`: "db",
	} {
		j := assessed(t, spec, ready+`, syncedResourceVersion: 1-abc}`)
		if j.Current != trace.Behind || len(j.Findings) != 1 || len(j.Findings[0].NextSteps) != 1 {
			t.Errorf("%s: %+v", spec, j.Rung)
			continue
		}
		f := j.Findings[0]
		if !strings.Contains(f.Message, "has the data of generation 1 of ExternalSecret ") || !strings.Contains(f.Message, "generation 2 is not synced") {
			t.Errorf("%s: %q", spec, f.Message)
		}
		if got := f.NextSteps[0].Command; !strings.HasPrefix(got, "kubectl delete secret "+secret+" -n ") {
			t.Errorf("%s: %q", spec, got)
		}
	}
}

// TestNotReported: OpenChoreo reports no status of an ExternalSecret once its Secret exists. That is no failure.
func TestNotReported(t *testing.T) {
	t.Parallel()
	w := assesstest.Healthy(t)
	o := w.PlaneObject(assesstest.Replaced(externalSecret, "SPEC", "{}", "STATUS", "{}")).Live
	delete(o.Body.Object["metadata"].(map[string]any), "creationTimestamp")
	j := AssessExternalSecret(w.Development(), result.New(trace.RungResource, o.Ref), o)
	if j.State != trace.OK || len(j.Findings) != 1 || j.Findings[0].Severity != trace.Info || j.Summary != "ExternalSecret, status not reported" {
		t.Errorf("%+v", j.Rung)
	}
}

// TestSealedSecret: without a status the controller may run with --update-status=false, which is a warning. A failure is final.
func TestSealedSecret(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		created, status string
		want            []string
	}{
		"New":         {"<299s>", "{}", []string{"Progressing"}},
		"NoStatus":    {"<301s>", "{}", []string{"OK", "warning GenerationNotObserved"}},
		"Synced":      {"<1h>", `{observedGeneration: 1, conditions: [{type: Synced, status: "True", lastTransitionTime: <10m>}]}`, []string{"OK"}},
		"FailedFirst": {"<29s>", `{observedGeneration: 1, conditions: [{type: Synced, status: "False", message: "no key could decrypt secret (k)", lastTransitionTime: <20s>}]}`, []string{"Progressing"}},
		"Failed":      {"<31s>", `{observedGeneration: 1, conditions: [{type: Synced, status: "False", message: "no key could decrypt secret (k)", lastTransitionTime: <20s>}]}`, []string{"Failed", "error SecretNotSynced"}},
	} {
		w := assesstest.Healthy(t)
		o := w.PlaneObject(`{apiVersion: bitnami.com/v1alpha1, kind: SealedSecret, metadata: {name: db, generation: 1, creationTimestamp: ` + c.created + `}, status: ` + c.status + `}`)
		j := AssessSealedSecret(w.Development(), result.New(trace.RungResource, o.Ref), o.Live)
		got := []string{j.State.String()}
		for _, f := range j.Findings {
			got = append(got, string(f.Severity)+" "+string(f.Code))
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestStoreOf: a SecretStore is the default, in the namespace of the secret; a ClusterSecretStore has none.
func TestStoreOf(t *testing.T) {
	t.Parallel()
	store := func(kind, namespace string) facts.Ref {
		return facts.Ref{Plane: "default", Group: kinds.ExternalSecrets, Kind: kind, Namespace: namespace, Name: "vault"}
	}
	w := assesstest.Healthy(t)
	for spec, want := range map[string]facts.Ref{
		`{secretStoreRef: {name: vault}}`:                           store("SecretStore", w.Cell("development")),
		`{secretStoreRef: {name: vault, kind: SecretStore}}`:        store("SecretStore", w.Cell("development")),
		`{secretStoreRef: {name: vault, kind: ClusterSecretStore}}`: store("ClusterSecretStore", ""),
	} {
		o := w.PlaneObject(assesstest.Replaced(externalSecret, "SPEC", spec, "STATUS", "{}"))
		if got := storeOf(o.Live); got != want {
			t.Errorf("%s: %+v, want %+v", spec, got, want)
		}
	}
}
