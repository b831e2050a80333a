package verify

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

func TestDecisionWords(t *testing.T) {
	t.Parallel()
	got, err := json.Marshal([]Decision{Undecided, Passed, Failed, Pending, 77})
	if err != nil {
		t.Fatal(err)
	}
	if want := `["Undecided","Passed","Failed","Pending","Decision(77)"]`; string(got) != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// TestBehind: the topmost rung that holds the rest back is named, and only once.
func TestBehind(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(tr *trace.Trace)
		want   []string
	}{
		"OneRung": {func(tr *trace.Trace) { tr.Environments[1].Rungs[2].Current = trace.Behind }, []string{"Pending", "Pending current pod staging Behind"}},
		"TheTopmost": {func(tr *trace.Trace) {
			tr.Rungs[1].Current, tr.Environments[0].Rungs[2].Current = trace.Behind, trace.Behind
		}, []string{"Pending", "Pending current delivery  Behind"}},
		"NoRung": {func(*trace.Trace) {}, []string{"Pending", "Pending current   Behind"}},
		"KnownAlready": {func(tr *trace.Trace) {
			tr.Environments[0].Rungs[2].Current = trace.Behind
			withFailure(tr, trace.RungPod, "development", trace.CodePodFailed, facts.Ref{})
		}, []string{"Failed", "Failed healthy pod development PodFailed"}},
	} {
		tr := healthyTrace()
		tr.Current = trace.Behind
		c.change(tr)
		got := Gate{}.Judge(tr)
		if diff := cmp.Diff(c.want, got.texts()); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
	tr := healthyTrace()
	tr.Current, tr.Rungs[1].Current = trace.Behind, trace.Behind
	if r := (Gate{}).Judge(tr).Reasons[0]; r.Object.Name != "delivery" || !r.Since.Equal(noon.Add(-time.Hour)) || r.Severity != trace.Info {
		t.Errorf("the reason is %+v", r)
	}
}

// TestPromotedOfEachEnvironment: what is known of one environment decides nothing for another.
func TestPromotedOfEachEnvironment(t *testing.T) {
	t.Parallel()
	gate := Gate{Require: []Requirement{RequirePromoted}}
	notPromoted := func(tr *trace.Trace, environment int, code trace.Code) *trace.Trace {
		release := &tr.Environments[environment].Rungs[0]
		release.Findings = append(release.Findings, trace.Finding{Code: code, Severity: trace.Warning})
		return tr
	}
	for name, c := range map[string]struct {
		trace *trace.Trace
		want  []string
	}{
		"TheSame":      {notPromoted(unreadSource(healthyTrace(), 1), 1, trace.CodeReleaseNotPromoted), []string{"Failed", "Failed promoted release staging ReleaseNotPromoted"}},
		"Another":      {notPromoted(unreadSource(healthyTrace(), 1), 0, trace.CodeReleaseNotPromoted), []string{"Failed", "Failed promoted release development ReleaseNotPromoted", "Undecided promoted release staging ReleaseNotPromoted"}},
		"OtherFinding": {notPromoted(unreadSource(healthyTrace(), 1), 1, trace.CodeReleaseOutdated), []string{"Undecided", "Undecided promoted release staging ReleaseNotPromoted"}},
	} {
		if diff := cmp.Diff(c.want, gate.Judge(c.trace).texts()); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestOrderByTime: when a release was made counts before its name.
func TestOrderByTime(t *testing.T) {
	t.Parallel()
	s := factstest.Scenario(t, "release-not-promoted")
	tr := assess.Assess(s, s.TakenAt)
	here, next := &tr.Environments[0], &tr.Environments[1]
	made := func(name string, at time.Time) {
		for _, o := range s.Of(facts.Control, kinds.OpenChoreo, "ComponentRelease") {
			if o.Ref.Name == name {
				o.Body.SetCreationTimestamp(metav1.NewTime(at))
			}
		}
	}
	made(here.Release, s.TakenAt.Add(-time.Hour))
	made(next.Release, s.TakenAt)
	if got := Cells(tr, s)[0].Order; got != Older {
		t.Errorf("a release made an hour before that of the next environment is %q", got)
	}
	here.Release = ""
	if got := Cells(tr, s)[0].Order; got != OrderUnknown {
		t.Errorf("no release is %q", got)
	}
}

// TestWhoTriesAgain: a code of each kind of controller that tries again by itself, and of what stays until somebody changes it.
func TestWhoTriesAgain(t *testing.T) {
	t.Parallel()
	for code, want := range map[trace.Code]bool{
		trace.CodeFieldDrift:                  true,  // the applier sets the field again at its next interval
		trace.CodeKustomizationPruneFailed:    true,  // kustomize-controller prunes again at its next interval
		trace.CodeConnectionsPending:          true,  // the provider may resolve its endpoint
		trace.CodeResourceDependenciesPending: true,  // the resource may become ready
		trace.CodeReadinessGateNotMet:         true,  // the controller of the gate may set it
		trace.CodeWebhookUnavailable:          true,  // the webhook may answer again
		trace.CodeReleaseBindingNotFound:      true,  // another Kustomization of the commit may bring it
		trace.CodeInvalidConfiguration:        false, // the Component must be changed
		trace.CodeMultipleWorkloads:           false, // one must be deleted
		trace.CodeReleaseNotPinned:            false, // somebody must pin one
		trace.CodeSourceAuthenticationFailed:  false, // somebody must change the credentials
		trace.CodeKustomizationStalled:        false, // Flux does not try again
		trace.CodeInvalidReference:            false, // the field must be changed
		trace.CodeApplierPaused:               false, // somebody must resume it
	} {
		if got := Transient(trace.Finding{Code: code}); got != want {
			t.Errorf("%s is transient: %t, want %t", code, got, want)
		}
	}
}
