package ci

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/joshdk/go-junit"

	"github.com/kubectl-choreo/kubectl-choreo/internal/printerstest"
)

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
