package verify

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestBehindMessage names what a rung has and what is wanted, as far as they are known.
func TestBehindMessage(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]struct{ has, wanted string }{
		"it has main@sha1:a, wanted is main@sha1:b": {"main@sha1:a", "main@sha1:b"},
		"it has main@sha1:a":                        {"main@sha1:a", ""},
		"it has an older revision, wanted is b":     {"", "b"},
		"it has an older revision":                  {"", ""},
	} {
		if got := behindMessage(trace.Rung{Revision: c.has}, trace.Wanted{Revision: c.wanted}); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestCurrencyUnknown: of a revision that is asked for it must be known whether it is there. The reason is what cannot be read, if that hides
// the revision of its rung.
func TestCurrencyUnknown(t *testing.T) {
	t.Parallel()
	forbidden := []trace.Finding{{Code: trace.CodeForbidden, Severity: trace.Warning}}
	unknown, asked := trace.CurrencyUnknown, trace.Wanted{Revision: "main", From: facts.FromClone}
	revisionUnknown := []string{"Undecided", "Undecided current git  RevisionUnknown"}
	for name, c := range map[string]struct {
		wanted trace.Wanted
		of     trace.Currency // of the rung that has the findings
		has    []trace.Finding
		want   []string
	}{
		"FromAClone":           {asked, unknown, nil, revisionUnknown},
		"FromAFlagWithoutText": {trace.Wanted{From: facts.FromFlag}, unknown, nil, revisionUnknown},
		"NobodyAsks":           {trace.Wanted{}, unknown, nil, []string{"Passed"}},
		"GuessedFromTheSource": {trace.Wanted{Revision: "main", From: facts.FromSource}, unknown, nil, []string{"Passed"}},
		"NotReadable":          {asked, unknown, forbidden, []string{"Undecided", "Undecided current delivery  Forbidden"}},
		"NotReadableButKnown":  {asked, trace.Current, forbidden, revisionUnknown},
		"AnyOtherFinding":      {asked, unknown, []trace.Finding{{Code: trace.CodeBehind, Severity: trace.Warning}}, revisionUnknown},
	} {
		tr := healthyTrace()
		tr.Wanted, tr.Current, tr.Rungs[1].Current, tr.Rungs[1].Findings = c.wanted, unknown, c.of, c.has
		if diff := cmp.Diff(c.want, Gate{Require: []Requirement{RequireCurrent}}.Judge(tr).texts()); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestReasonIn finds the first reason of an environment, or of none.
func TestReasonIn(t *testing.T) {
	t.Parallel()
	reason := func(environment string, code trace.Code) Reason {
		return Reason{Failure: trace.Failure{Environment: environment, Finding: trace.Finding{Code: code}}}
	}
	j := Judgement{Reasons: []Reason{reason("dev", "A"), reason("dev", "B"), reason("", "C")}}
	for environment, want := range map[string]trace.Code{"dev": "A", "": "C", "prod": ""} {
		if got, found := j.ReasonIn(environment); got.Code != want || found != (want != "") {
			t.Errorf("%q: %q, %t; want %q", environment, got.Code, found, want)
		}
	}
}
