//go:build unix && !race

package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/mcp/answer"
	"github.com/kubectl-choreo/kubectl-choreo/internal/mcp/evals"
)

// TestEvals plays the question of each scenario through the tool diagnose: rung, object, code and first command are in its answer, within
// its limit, as text and as data.
func TestEvals(t *testing.T) {
	t.Parallel()
	session := connect(t, "--snapshot", recordedScenarios)
	file, err := os.Open("../../testdata/evals/questions.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	questions, err := evals.Lines[evals.Question](file)
	if err != nil || len(questions) == 0 {
		t.Fatal(len(questions), err)
	}
	for _, q := range questions {
		want, err := os.ReadFile(filepath.Join(recordedScenarios, q.Scenario, "want.json"))
		if err != nil {
			t.Fatal(err)
		}
		var e evals.Expected
		if err := json.Unmarshal(want, &e); err != nil {
			t.Fatal(err)
		}
		text, isError := call(t, session, "diagnose", map[string]any{"snapshot": q.Scenario})
		if size := answer.Tokens(text); isError || size > answer.MostDiagnosis {
			t.Errorf("%s: error %v, %d tokens, at most %d\n%s", q.Scenario, isError, size, answer.MostDiagnosis, text)
		}
		for _, words := range expectedWords(e) {
			if !strings.Contains(text, words) {
				t.Errorf("%s: %q is not in the answer\n%s", q.Scenario, words, text)
			}
		}
		data, isError := call(t, session, "diagnose", map[string]any{"snapshot": q.Scenario, "structured": true})
		if a := answerOf(t, data); isError || answer.Tokens(data) > answer.MostDiagnosis || e.Of(a).Points != e.Of(a).Most {
			t.Errorf("%s: error %v, %d tokens; %+v of %+v\n%s", q.Scenario, isError, answer.Tokens(data), e.Of(a), a, data)
		}
	}
}

func expectedWords(e evals.Expected) []string {
	f := e.Failing
	if f == nil {
		return []string{": " + e.Verdict}
	}
	place := f.Rung
	if f.Environment != "" {
		place += " (" + f.Environment + ")"
	}
	words := []string{": " + e.Verdict, "Failed at: " + place + ". Code: " + f.Code, "\n| " + f.Object.String()}
	if len(f.Next) > 0 {
		words = append(words, "\n  "+f.Next[0]+"\n")
	}
	return words
}

// answerOf takes an answer from a structured diagnosis, as a perfect reader would.
func answerOf(t *testing.T, data string) evals.Answer {
	t.Helper()
	var d struct {
		Report struct {
			Verdict string
			Cause   *struct{ Rung, Environment, Code, Object string }
			Next    []struct{ Commands []string }
		}
	}
	if err := json.Unmarshal([]byte(data), &d); err != nil {
		t.Fatalf("%v\n%s", err, data)
	}
	a := evals.Answer{Verdict: d.Report.Verdict}
	if c := d.Report.Cause; c != nil && a.Verdict == "Failed" {
		object, _, _ := strings.Cut(c.Object, ", on data plane")
		a.Rung, a.Environment, a.Code, a.Object = c.Rung, c.Environment, c.Code, object
	}
	if len(d.Report.Next) > 0 {
		a.Command = d.Report.Next[0].Commands[0]
	}
	return a
}
