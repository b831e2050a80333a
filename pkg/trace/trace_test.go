package trace

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestZeroValuesArePessimistic expects that an unassessed value is never healthy.
func TestZeroValuesArePessimistic(t *testing.T) {
	t.Parallel()
	var tr Trace
	var r Rung
	if tr.Verdict.String() != "Unknown" || r.State.String() != "Unknown" || tr.Current != CurrencyUnknown {
		t.Errorf("verdict %s, state %s, current %d", tr.Verdict, r.State, tr.Current)
	}
}

func TestWords(t *testing.T) {
	t.Parallel()
	got, err := json.Marshal(map[string]any{
		"states":   []State{Unknown, OK, Progressing, Suspended, Failed, Blocked, 6},
		"verdicts": []Verdict{VerdictUnknown, VerdictHealthy, VerdictProgressing, VerdictFailed, VerdictSuspended, 5},
		"current":  []Currency{CurrencyUnknown, Current, Behind},
	})
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"current":[null,true,false],"states":["Unknown","OK","Progressing","Suspended","Failed","Blocked","State(6)"],` +
		`"verdicts":["Unknown","Healthy","Progressing","Failed","Suspended","Verdict(5)"]}`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if text, err := Currency(3).MarshalJSON(); text != nil || err == nil || err.Error() != "write currency 3: no such value" {
		t.Errorf("a currency that does not exist was written: %s, %v", text, err)
	}
}

// TestStateOfVerdict expects the state with the name of the verdict, and Unknown for an unsupported verdict.
func TestStateOfVerdict(t *testing.T) {
	t.Parallel()
	want := []State{Unknown, OK, Progressing, Failed, Suspended, Unknown}
	var got []State
	for _, v := range []Verdict{VerdictUnknown, VerdictHealthy, VerdictProgressing, VerdictFailed, VerdictSuspended, 77} {
		got = append(got, v.State())
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestLadder expects the public ids, the shared rungs first, and Replaces for the rungs above the binding.
func TestLadder(t *testing.T) {
	t.Parallel()
	want := []RungID{
		"git", "source", "delivery", "project", "component", "workload",
		"release", "environment", "cell", "binding", "rendered", "resource", "pod", "endpoint",
	}
	if diff := cmp.Diff(want, Rungs()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for i, step := range Ladder() {
		scope := PerEnvironment
		if i < slices.Index(want, "release") {
			scope = Shared
		}
		if step.Scope != scope {
			t.Errorf("%s: scope %d, want %d", step.ID, step.Scope, scope)
		}
		if replaces := i < slices.Index(want, "binding"); step.Replaces != replaces {
			t.Errorf("%s replaces what is below it: %t", step.ID, step.Replaces)
		}
	}
}

func TestEvidenceOfALog(t *testing.T) {
	t.Parallel()
	if !(Evidence{Path: LogEvidence + "main"}).IsLog() || (Evidence{Path: "status.log of main"}).IsLog() {
		t.Error("a log is told by the beginning of its path")
	}
}
