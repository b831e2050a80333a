package secretreference_test

import (
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/binding"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/secretreference"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

const bound = "greeter-service-development"

// TestSecretReferenceThatHasCome: OpenChoreo returns this error to its queue, so that it tries again, each time after twice as long
// (openchoreo v1.2.3 internal/controller/releasebinding/controller.go:490). What other NotFound reasons name it does not look for again.
func TestSecretReferenceThatHasCome(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	const absent = `Failed to collect SecretReferences: failed to get SecretReference "db": SecretReference.openchoreo.dev "db" not found`
	const noKey = `Failed to collect SecretReferences: key "password" not found in SecretReference "db"; available keys: [user]`
	const retries = "; OpenChoreo retries with a growing delay"
	type judged struct {
		State trace.State
		Code  trace.Code
		Hint  string
		Wakes bool
	}
	came := func(age time.Duration) func(w assesstest.World) {
		return func(w assesstest.World) {
			w.PutYAML(`{apiVersion: openchoreo.dev/v1alpha1, kind: SecretReference, metadata: {name: db, namespace: healthy, creationTimestamp: "` + w.Ago(age) + `"},
spec: {data: [{secretKey: user}]}}`)
		}
	}
	complete := func(w assesstest.World) {
		came(time.Hour)(w)
		w.Set(w.One("SecretReference", "db"), []any{map[string]any{"secretKey": "user"}, map[string]any{"secretKey": "password"}}, "spec", "data")
	}
	for name, c := range map[string]struct {
		message string
		since   time.Duration
		change  func(w assesstest.World)
		want    judged
	}{
		"CameAtOnce":   {absent, 10 * time.Second, came(8 * time.Second), judged{trace.Progressing, "", "", false}},
		"IsDue":        {absent, 90 * time.Second, came(50 * time.Second), judged{trace.Progressing, "", "", false}},
		"IsOverdue":    {absent, 3 * time.Minute, came(150 * time.Second), judged{trace.Failed, trace.CodeSecretReferenceNotUsable, "SecretReference healthy/db exists now" + retries, true}},
		"CameLate":     {absent, time.Hour, came(time.Minute), judged{trace.Failed, trace.CodeSecretReferenceNotUsable, "SecretReference healthy/db exists now" + retries, true}},
		"LacksTheKey":  {noKey, time.Hour, came(time.Hour), judged{trace.Failed, trace.CodeSecretReferenceNotUsable, "add the key \"password\" to spec.data of it, or correct the key in the Workload or the ReleaseBinding", false}},
		"HasTheKeyNow": {noKey, time.Hour, complete, judged{trace.Failed, trace.CodeSecretReferenceNotUsable, `it now has the key "password"` + retries, true}},
		"NotRead": {
			`Failed to collect SecretReferences: failed to get SecretReference "db": the server is currently unable to handle the request`, time.Hour, came(2 * time.Hour),
			judged{trace.Failed, trace.CodeSecretReferenceNotUsable, "OpenChoreo could not read it" + retries, false},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthy.Copy(t)
			w.Aged(24 * time.Hour)
			c.change(w)
			w.Condition(w.One("ReleaseBinding", bound), c.since, "ReleaseSynced", "False", "RenderingFailed", c.message)
			r := binding.AssessBinding(w.Development())
			got := judged{State: r.State}
			for _, f := range r.Findings {
				got.Code, got.Hint, got.Wakes = f.Code, f.Hint, f.Wake == w.One("ReleaseBinding", bound).Ref
			}
			if got != c.want {
				t.Errorf("got\n%+v, want\n%+v", got, c.want)
			}
		})
	}
}

// TestKeyUser: the overrides of the ReleaseBinding come before the Workload, as OpenChoreo merges them.
func TestKeyUser(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	uses := func(list, name, key string) map[string]any {
		return map[string]any{list: []any{map[string]any{"key": "DB_PASSWORD", "valueFrom": map[string]any{"secretKeyRef": map[string]any{"name": name, "key": key}}}}}
	}
	const unknown = "the Workload or the ReleaseBinding"
	for name, c := range map[string]struct {
		binding, workload map[string]any
		want              string
	}{
		"Variable":       {nil, uses("env", "db", "password"), "variable DB_PASSWORD in spec.container of the Workload"},
		"File":           {nil, uses("files", "db", "password"), "file DB_PASSWORD in spec.container of the Workload"},
		"Override":       {uses("env", "db", "password"), uses("env", "db", "password"), "variable DB_PASSWORD in spec.workloadOverrides.container of ReleaseBinding healthy/greeter-service-development"},
		"OtherKey":       {nil, uses("env", "db", "user"), unknown},
		"OtherReference": {nil, uses("env", "db-2", "password"), unknown},
		"None":           {nil, nil, unknown},
	} {
		w := healthy.Copy(t)
		binding := w.One("ReleaseBinding", "-development")
		w.Set(binding, c.binding, "spec", "workloadOverrides", "container")
		w.Set(w.One("ComponentRelease", w.Development().ReleaseName()), c.workload, "spec", "workload", "container")
		w.PutYAML(`{apiVersion: openchoreo.dev/v1alpha1, kind: SecretReference, metadata: {name: db, namespace: healthy}, spec: {data: [{secretKey: other}]}}`)
		f := trace.Finding{}
		secretreference.Explain(w.Development(), &f, kinds.Condition{Message: `Failed to collect SecretReferences: key "password" not found in SecretReference "db"; available keys: [other]`})
		if want := `add the key "password" to spec.data of it, or correct the key in ` + c.want; f.Hint != want {
			t.Errorf("%s: %q, want %q", name, f.Hint, want)
		}
	}
}
