package verify

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

var greeter = facts.Subject{Namespace: "acme", Component: "greeter"}

// TestAnswered: only the expected answer passes; whatever else speaks against the component stays.
func TestAnswered(t *testing.T) {
	t.Parallel()
	waits := Reason{Decision: Pending, Requirement: RequireHealthy}
	for name, c := range map[string]struct {
		before  Judgement
		probe   Probe
		want    []string
		message string
	}{
		"AsExpected": {Judgement{Decision: Passed}, Probe{OK: true, Status: 200}, []string{"Passed"}, ""},
		"OtherStatus": {
			Judgement{Decision: Passed},
			Probe{Environment: "staging", URL: "http://greeter.test", Status: 503},
			[]string{"Failed", "Failed probe endpoint staging ProbeFailed"},
			"http://greeter.test answers with status 503",
		},
		"NoAnswer": {
			Judgement{Decision: Passed},
			Probe{Environment: "staging", URL: "http://greeter.test", Error: "connection refused"},
			[]string{"Failed", "Failed probe endpoint staging ProbeFailed"},
			"http://greeter.test does not answer: connection refused",
		},
		"NobodySaysWhat": {Judgement{Decision: Passed}, Probe{}, []string{"Failed", "Failed probe endpoint  ProbeFailed"}, "answers with status 0"},
		"WorseThanBefore": {
			Judgement{Decision: Pending, Reasons: []Reason{waits}},
			Probe{Status: 500},
			[]string{"Failed", "Failed probe endpoint  ProbeFailed", "Pending healthy   "},
			"answers with status 500",
		},
		"NoBetterThanBefore": {Judgement{Decision: Pending, Reasons: []Reason{waits}}, Probe{OK: true}, []string{"Pending", "Pending healthy   "}, ""},
	} {
		got := c.before.Answered(greeter, c.probe)
		if diff := cmp.Diff(c.want, got.texts()); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
		because, _ := got.Cause()
		if !strings.Contains(because.Message, c.message) {
			t.Errorf("%s: %q, want %q", name, because.Message, c.message)
		}
		if c.message != "" && (because.Object.Kind != "Component" || because.Object.Namespace != "acme" || because.Object.Name != "greeter") {
			t.Errorf("%s blames %s", name, because.Object)
		}
	}
}

// TestUnasked: what could not be asked is undecided, with what to do; never failed, and passed only for a gate that says so.
func TestUnasked(t *testing.T) {
	t.Parallel()
	u := NotProbed{Environment: "staging", URL: "tcp://greeter.test", Why: "none of its endpoints speaks HTTP"}
	got := Gate{}.NotProbed(Judgement{Decision: Passed}, greeter, u)
	if diff := cmp.Diff([]string{"Undecided", "Undecided probe endpoint staging ProbeFailed"}, got.texts()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if r := got.Reasons[0]; r.Message != "ask tcp://greeter.test: none of its endpoints speaks HTTP" || !strings.Contains(r.Hint, "without --probe") || r.Object.Name != "greeter" {
		t.Errorf("%+v", r)
	}
	u.Forbidden = true
	if r := (Gate{}).NotProbed(Judgement{Decision: Passed}, greeter, u).Reasons[0]; !strings.Contains(r.Hint, "pods/portforward") {
		t.Errorf("without the right: %q", r.Hint)
	}
	if got := (Gate{AllowUnknown: true}).NotProbed(Judgement{Decision: Passed}, greeter, u); got.Decision != Passed || len(got.Reasons) > 0 {
		t.Errorf("where the unknown may pass: %v", got.texts())
	}
}
