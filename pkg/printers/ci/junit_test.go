package ci

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/joshdk/go-junit"

	"github.com/kubectl-choreo/kubectl-choreo/internal/printerstest"
)

// TestJUnit: each outcome is counted as JUnit counts it, and an unknown one is an error.
func TestJUnit(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := WriteJUnit(&out, "suite", []Case{
		{Class: "acme.demo", Name: "well", Outcome: CasePassed, Took: 1500 * time.Millisecond},
		{Class: "acme.demo", Name: printerstest.Nasty, Outcome: CaseFailed, Annotations: remarks()},
		{Name: "unknown"},
		{Name: "later", Outcome: CaseSkipped},
		{Name: "nonsense", Outcome: 200, Annotations: remarks()[:1]},
	}, ""); err != nil {
		t.Fatal(err)
	}
	text := out.Bytes()
	suites, err := junit.Ingest(text)
	if err != nil || len(suites) != 1 {
		t.Fatalf("%d suites, %v\n%s", len(suites), err, out.String())
	}
	want := junit.Totals{Tests: 5, Passed: 1, Skipped: 1, Failed: 1, Error: 2, Duration: 1500 * time.Millisecond}
	if diff := cmp.Diff(want, suites[0].Totals); diff != "" {
		t.Errorf("totals (-want +got)\n%s", diff)
	}
	if !bytes.Contains(text, []byte(`skipped="1" time="1.500"`)) {
		t.Errorf("the suite took something else than its cases:\n%s", text)
	}
	failed := suites[0].Tests[1]
	if failed.Status != junit.StatusFailed || !strings.Contains(failed.Message, "]]> </failure>") || !strings.Contains(failed.Error.Error(), "File: apps/a b,c:d.yaml:7") {
		t.Errorf("the failure is %+v", failed)
	}
}

// suite reads what WriteJUnit writes.
func suite(t *testing.T, summary string, cases ...Case) junit.Suite {
	t.Helper()
	var out bytes.Buffer
	if err := WriteJUnit(&out, "kubectl choreo\x1b", cases, summary); err != nil {
		t.Fatal(err)
	}
	suites, err := junit.Ingest(out.Bytes())
	if err != nil || len(suites) != 1 {
		t.Fatalf("%d suites, %v\n%s", len(suites), err, out.String())
	}
	return suites[0]
}

// TestJUnitSummary: the property summary says what was checked, and is left out if nothing is said.
func TestJUnitSummary(t *testing.T) {
	t.Parallel()
	for summary, want := range map[string]string{"": "", "Checked:\n3 objects\x1b": `Checked: 3 objects\x1b`} {
		got := suite(t, summary, Case{Name: "a", Outcome: CasePassed})
		property, known := got.Properties["summary"]
		if property != want || known != (want != "") {
			t.Errorf("the property is %q, %t", property, known)
		}
		if got.Name != `kubectl choreo\x1b` || got.Totals.Tests != 1 {
			t.Errorf("suite %q with %d cases", got.Name, got.Totals.Tests)
		}
	}
}

// TestJUnitCase: a case that has not passed has its findings as the text of a fault; one that has, beside its notes.
func TestJUnitCase(t *testing.T) {
	t.Parallel()
	findings := []Annotation{
		{Code: "NeverApplied", Severity: "warning", Message: "m", Cause: "NeverApplied-1", File: "a.yaml", Line: 3},
		{Severity: "error", Message: "n"},
	}
	const text = "warning NeverApplied (cause NeverApplied-1)\n  m\n  File: a.yaml:3\nerror Unknown\n  n"
	type result struct{ Status, Message, Type, Text, Out string }
	for name, c := range map[string]struct {
		in   Case
		want result
	}{
		"Passed":          {Case{Outcome: CasePassed}, result{Status: "passed"}},
		"PassedNotes":     {Case{Outcome: CasePassed, Notes: []string{"one\n", "two"}}, result{Status: "passed", Out: "one\ntwo"}},
		"PassedFindings":  {Case{Outcome: CasePassed, Annotations: findings}, result{Status: "passed", Out: text}},
		"PassedBoth":      {Case{Outcome: CasePassed, Annotations: findings, Notes: []string{"one"}}, result{Status: "passed", Out: text + "\none"}},
		"Skipped":         {Case{Outcome: CaseSkipped, Notes: []string{"one"}}, result{Status: "skipped", Out: "one"}},
		"Failed":          {Case{Outcome: CaseFailed, Annotations: findings, Notes: []string{"one"}}, result{Status: "failed", Message: "m", Type: "NeverApplied", Text: text, Out: "one"}},
		"FailedUnknown":   {Case{Outcome: CaseFailed}, result{Status: "failed", Message: "nothing is known of it", Type: "Unknown"}},
		"Undecided":       {Case{}, result{Status: "error", Message: "nothing is known of it", Type: "Unknown"}},
		"UndecidedCause":  {Case{Annotations: findings[1:]}, result{Status: "error", Message: "n", Type: "Unknown", Text: "error Unknown\n  n"}},
		"OutcomeTooLarge": {Case{Outcome: CaseSkipped + 1, Annotations: findings[1:]}, result{Status: "error", Message: "n", Type: "Unknown", Text: "error Unknown\n  n"}},
	} {
		one := suite(t, "", c.in).Tests[0]
		got := result{Status: string(one.Status), Message: one.Message, Out: one.SystemOut}
		var fault junit.Error
		if errors.As(one.Error, &fault) {
			got.Message, got.Type, got.Text = fault.Message, fault.Type, fault.Body
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestJUnitPlace: file and line of a case are attributes only where they are known, because the schema of Jenkins has none.
func TestJUnitPlace(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		in   Case
		want map[string]string
	}{
		"None": {Case{Name: "a"}, map[string]string{"name": "a", "classname": "", "time": "0.000"}},
		"File": {Case{Name: "a", File: "a.yaml"}, map[string]string{"name": "a", "classname": "", "time": "0.000", "file": "a.yaml"}},
		"Line": {Case{Name: "a", Class: "demo\n.shop", File: "a\x1b.yaml", Line: 7, Took: 1234567 * time.Microsecond}, map[string]string{"name": "a", "classname": "demo .shop", "time": "1.235", "file": `a\x1b.yaml`, "line": "7"}},
	} {
		if diff := cmp.Diff(c.want, suite(t, "", c.in).Tests[0].Properties); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}
