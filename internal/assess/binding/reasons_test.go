package binding_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/binding"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

const bound = "greeter-service-development"

// notSynced has OpenChoreo refuse the binding of development, an hour after everything was made.
func notSynced(reason, message string) func(w assesstest.World) {
	return func(w assesstest.World) {
		w.Condition(w.One("ReleaseBinding", bound), time.Hour, "ReleaseSynced", "False", reason, message)
	}
}

func both(changes ...func(w assesstest.World)) func(w assesstest.World) {
	return func(w assesstest.World) {
		for _, change := range changes {
			change(w)
		}
	}
}

func answer(kind, suffix string, outcome facts.Outcome) func(w assesstest.World) {
	return func(w assesstest.World) { w.Answer(w.One(kind, suffix), outcome) }
}

// second adds another binding of the component to development.
func second(w assesstest.World) {
	o := w.One("ReleaseBinding", bound)
	other := facts.Object{Ref: o.Ref, Outcome: facts.Found, Body: o.Body.DeepCopy()}
	other.Ref.Name = "z-other"
	other.Body.SetName("z-other")
	other.Body.SetUID("other")
	w.Put(other)
}

// check assesses a rung of a world in which nothing else has changed for an hour.
func check(t *testing.T, name string, r *result.Result, want []string, causedBy trace.RungID, hint string) {
	t.Helper()
	if diff := cmp.Diff(want, assesstest.Lines(r.Rung)); diff != "" {
		t.Errorf("%s (-want +got)\n%s", name, diff)
	}
	if r.Cause.Rung() != causedBy {
		t.Errorf("%s: caused by %q, want %q", name, r.Cause.Rung(), causedBy)
	}
	if got := strings.Join(assesstest.Hints(r.Rung), "; "); hint != "" && !strings.Contains(got, hint) || hint == "" && got != "" {
		t.Errorf("%s: hint %q, want %q in it", name, got, hint)
	}
}

// TestBindingReasons: whether what a reason names is there decides between a cause above and a controller that does not look again
// (openchoreo v1.2.3 internal/controller/releasebinding/controller.go).
func TestBindingReasons(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	failed := func(code string) []string {
		return []string{"Failed " + bound + ": " + code, "error " + code + " of ReleaseBinding " + bound + ": no"}
	}
	stale := failed("StaleNotFound")
	const again = "exists; OpenChoreo does not retry"
	for name, c := range map[string]struct {
		change   func(w assesstest.World)
		want     []string
		causedBy trace.RungID
		hint     string
	}{
		"ReleaseThatIsThere":     {notSynced("ComponentReleaseNotFound", "no"), stale, "", "ComponentRelease healthy/greeter-service-20261121-1 " + again},
		"ReleaseAbsent":          {both(notSynced("ComponentReleaseNotFound", "no"), answer("ComponentRelease", "", facts.Absent)), failed("ComponentReleaseNotFound"), trace.RungRelease, ""},
		"EnvironmentThatIsThere": {notSynced("EnvironmentNotFound", "no"), stale, "", "Environment healthy/development " + again},
		"EnvironmentAbsent":      {both(notSynced("EnvironmentNotFound", "no"), answer("Environment", "development", facts.Absent)), failed("EnvironmentNotFound"), trace.RungEnvironment, ""},
		"PlaneThatIsThere":       {notSynced("DataPlaneNotFound", "no"), stale, "", "ClusterDataPlane default " + again},
		"PlaneAbsent":            {both(notSynced("DataPlaneNotFound", "no"), answer("ClusterDataPlane", "", facts.Absent)), failed("DataPlaneNotFound"), trace.RungEnvironment, ""},
		"ComponentThatIsThere":   {notSynced("ComponentNotFound", "no"), stale, "", "Component healthy/greeter-service " + again},
		"ComponentAbsent":        {both(notSynced("ComponentNotFound", "no"), answer("Component", "", facts.Absent)), failed("ComponentNotFound"), trace.RungComponent, ""},
		"ComponentOfTheRelease": {both(notSynced("ComponentNotFound", "no"), func(w assesstest.World) {
			w.Set(w.One("ComponentRelease", ""), "another", "spec", "owner", "componentName")
			w.Answer(facts.Object{Ref: w.Component().Ref("Component", "another")}, facts.Absent)
		}), failed("ComponentNotFound"), trace.RungComponent, ""},
		"ProjectThatIsThere": {notSynced("ProjectNotFound", "no"), stale, "", "Project healthy/demo " + again},
		"ProjectAbsent":      {both(notSynced("ProjectNotFound", "no"), answer("Project", "", facts.Absent)), failed("ProjectNotFound"), trace.RungProject, ""},
		"ReleaseForbidden": {both(notSynced("ComponentReleaseNotFound", "no"), answer("ComponentRelease", "", facts.Forbidden)), []string{
			"Unknown not readable: forbidden", "warning ReleaseBindingFailed of ReleaseBinding " + bound + ": no", "warning Forbidden of ComponentRelease greeter-service-20261121-1: so the test says",
		}, "", "you may not read ComponentRelease"},
		"OtherRelease":       {notSynced("InvalidReleaseConfiguration", "no"), failed("InvalidReleaseConfiguration"), "", "another component or project"},
		"Owned":              {notSynced("ReleaseOwnershipConflict", "no"), failed("ReleaseOwnershipConflict"), "", "another ReleaseBinding owns the RenderedRelease"},
		"OwnedByTheOther":    {both(notSynced("ReleaseOwnershipConflict", "no"), second), failed("ReleaseOwnershipConflict"), "", "another ReleaseBinding owns the RenderedRelease"},
		"UpdateFailed":       {notSynced("ReleaseUpdateFailed", "no"), failed("ReleaseBindingFailed"), "", "could not write the RenderedRelease"},
		"RenderingFailed":    {notSynced("RenderingFailed", "no"), failed("RenderingFailed"), "", "the release cannot be rendered for this environment; the previous release keeps running"},
		"NothingRenderedYet": {both(notSynced("RenderingFailed", "no"), func(w assesstest.World) { w.Drop(w.One("RenderedRelease", bound).Ref) }), failed("RenderingFailed"), "", "for this environment"},
		"OfTomorrow":         {notSynced("OfTomorrow", "no"), failed("ReleaseBindingFailed"), "", ""},
	} {
		w := healthy.Copy(t)
		w.Aged(time.Hour)
		c.change(w)
		check(t, name, binding.AssessBinding(w.Development()), c.want, c.causedBy, c.hint)
	}
}

// TestUpdateFailed: the two ways in which a RenderedRelease cannot be written are told apart.
func TestUpdateFailed(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	for message, want := range map[string]string{
		`metadata.labels: Invalid value: "x": must be no more than 63 bytes`:                                                "OpenChoreo could not write the RenderedRelease: a label value or name is too long",
		`renderedreleases "x": the object has been modified; please apply your changes to the latest version and try again`: "OpenChoreo could not write the RenderedRelease: another client changed it at the same time, and OpenChoreo retries",
		`renderedreleases "x" is forbidden`: "OpenChoreo could not write the RenderedRelease",
	} {
		w := healthy.Copy(t)
		notSynced("ReleaseUpdateFailed", message)(w)
		if diff := cmp.Diff([]string{want}, assesstest.Hints(binding.AssessBinding(w.Development()).Rung)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", message, diff)
		}
	}
}

func TestBindingStates(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	condition := func(age time.Duration, name, status, reason string) func(w assesstest.World) {
		return func(w assesstest.World) {
			w.Condition(w.One("ReleaseBinding", bound), age, name, status, reason, "as it says")
		}
	}
	withoutStatus := func(w assesstest.World) {
		unstructured.RemoveNestedField(w.One("ReleaseBinding", bound).Body.Object, "status")
	}
	made := func(age time.Duration) func(w assesstest.World) {
		return func(w assesstest.World) {
			w.Set(w.One("ReleaseBinding", bound), w.Ago(age), "metadata", "creationTimestamp")
		}
	}
	undeploy := func(w assesstest.World) { w.Set(w.One("ReleaseBinding", bound), "Undeploy", "spec", "state") }
	notRendered := func(w assesstest.World) {
		w.Drop(w.One("RenderedRelease", bound).Ref)
		w.ClearOwners("RenderedRelease")
	}
	for name, c := range map[string]struct {
		change   func(w assesstest.World)
		want     []string
		causedBy trace.RungID
		hint     string
	}{
		"Healthy":               {func(assesstest.World) {}, []string{"OK " + bound}, "", ""},
		"NotLookedAt":           {both(withoutStatus, made(time.Minute)), []string{"Progressing " + bound + ": not reconciled yet"}, "", ""},
		"NeverLooked":           {both(withoutStatus, made(3*time.Minute)), []string{"Failed ReleaseBinding healthy/" + bound + " has no ReleaseSynced condition", "error GenerationNotObserved of ReleaseBinding " + bound + ": ReleaseBinding healthy/" + bound + " has no ReleaseSynced condition"}, "", "check that the controller runs"},
		"Deleted":               {func(w assesstest.World) { w.Deleted(w.One("ReleaseBinding", bound), time.Minute) }, []string{"Progressing " + bound + " is being deleted"}, "", ""},
		"Undeployed":            {undeploy, []string{"Suspended " + bound + ": undeployed (spec.state: Undeploy)"}, "", ""},
		"UndeployedNew":         {both(undeploy, notRendered, withoutStatus), []string{"Suspended " + bound + ": undeployed (spec.state: Undeploy)"}, "", ""},
		"Twice":                 {second, []string{"Failed 2 ReleaseBindings for the same environment", "error MultipleReleaseBindings of ReleaseBinding " + bound + ": ReleaseBindings " + bound + ", z-other all name component greeter-service and environment development"}, "", "in Git, keep one ReleaseBinding"},
		"WaitsForObjects":       {both(condition(time.Hour, "Ready", "False", "NotReady"), condition(time.Hour, "ResourcesReady", "False", "ResourcesProgressing")), []string{"Progressing its objects are not ready: ResourcesProgressing"}, "", ""},
		"WaitsForSomethingElse": {condition(time.Hour, "Ready", "False", "NotReady"), []string{"Progressing its objects are not ready: NotReady"}, "", ""},
		"NotApplied":            {both(condition(time.Hour, "Ready", "False", "NotReady"), condition(time.Hour, "ResourcesReady", "False", "ResourceApplyFailed")), []string{"Progressing its objects are not ready: ResourceApplyFailed"}, trace.RungRendered, ""},
		"NeverRendered": {
			both(notRendered, condition(time.Hour, "ReleaseSynced", "True", "ReleaseSynced"), condition(time.Hour, "Ready", "False", "NotReady"), condition(time.Hour, "ResourcesReady", "False", "ResourcesProgressing")),
			[]string{"Failed as it says", "error ReleaseBindingFailed of ReleaseBinding " + bound + ": as it says"},
			trace.RungRendered, "",
		},
		"RenderedSoon": {
			both(notRendered, condition(time.Minute, "ReleaseSynced", "True", "ReleaseSynced"), condition(time.Minute, "Ready", "False", "NotReady"), condition(time.Minute, "ResourcesReady", "False", "ResourcesProgressing")),
			[]string{"Progressing its objects are not ready: ResourcesProgressing"},
			"", "",
		},
		"OverrideOfNoTrait": {func(w assesstest.World) {
			w.Set(w.One("ReleaseBinding", bound), map[string]any{"ghost": map[string]any{}, "data": map[string]any{}}, "spec", "traitEnvironmentConfigs")
			w.Set(w.One("ComponentRelease", ""), []any{map[string]any{"name": "volume", "instanceName": "data"}}, "spec", "componentProfile", "traits")
		}, []string{"OK " + bound, `warning OverrideIgnored of ReleaseBinding ` + bound + `: spec.traitEnvironmentConfigs of ReleaseBinding healthy/` + bound + ` has the key "ghost", which is not a trait of the release`}, "", "OpenChoreo ignores it"},
	} {
		w := healthy.Copy(t)
		c.change(w)
		check(t, name, binding.AssessBinding(w.Development()), c.want, c.causedBy, c.hint)
	}
}

// TestRenderingHint: the words are those of OpenChoreo's pipeline; what a user has written stands between them.
func TestRenderingHint(t *testing.T) {
	t.Parallel()
	for message, want := range map[string]string{
		"Failed to collect SecretReferences: x":                                       "a SecretReference cannot be used",
		"Failed to build: environmentConfigs validation failed: replicas":             "componentTypeEnvironmentConfigs",
		"parameters validation failed: replicas":                                      "spec.parameters of the Component",
		"Failed to render resources: component type validation failed: rule 0":        "a validation rule of the component type rejects this Workload",
		"Failed to render resources: failed to render base resources: no such key: x": "a template of the component type cannot be rendered",
		"failed to resolve embedded trait x":                                          "a trait that the component type embeds",
		"failed to build embedded trait x":                                            "a trait that the component type embeds",
		"failed to process embedded trait x":                                          "a trait that the component type embeds",
		"failed to build trait context for x":                                         "traitEnvironmentConfigs in the ReleaseBinding",
		"failed to extract trait bindings":                                            "the parameters of a trait do not match",
		"trait volume referenced but not found in traits list":                        "a trait that it does not contain",
		"failed to process trait x":                                                   "a template or patch of a trait cannot be rendered",
		"post-render validation failed: x":                                            "rejects the rendered objects",
		"validation failed: x":                                                        "renders an incomplete object",
		"Failed to convert x":                                                         "renders something that is not a Kubernetes object",
		"Failed to render resources: trait volume/data validation failed: rule 1":     "a validation rule of the trait rejects",
		"a user writes validation failed in the middle":                               "the release cannot be rendered",
		"no idea": "the release cannot be rendered for this environment",
	} {
		if got := binding.RenderingHint(message); !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q in it", message, got, want)
		}
	}
}
