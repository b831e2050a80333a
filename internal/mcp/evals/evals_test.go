package evals

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const (
	scenarioDir   = "../../../testdata/scenarios"
	questionsFile = "../../../testdata/evals/questions.jsonl"
)

var answersFile = flag.String("answers", "", "file with the answers of a model, to be scored")

func questions(t *testing.T) []Question {
	t.Helper()
	return linesOf[Question](t, questionsFile)
}

func linesOf[T any](t *testing.T, name string) []T {
	t.Helper()
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	all, err := Lines[T](f)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return all
}

func expected(t *testing.T, scenario string) Expected {
	t.Helper()
	return want[Expected](t, scenario)
}

// want reads a part of what trace -o json prints of a scenario.
func want[T any](t *testing.T, scenario string) (part T) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(scenarioDir, scenario, "want.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &part); err != nil {
		t.Fatal(err)
	}
	return part
}

// subject is what a user knows of a scenario.
type subject struct{ Namespace, Component string }

// TestQuestions: each scenario has one question, in the words of a user who knows neither the code nor the object.
func TestQuestions(t *testing.T) {
	t.Parallel()
	entries, err := os.ReadDir(scenarioDir)
	if err != nil {
		t.Fatal(err)
	}
	var all, got []string
	for _, e := range entries {
		all = append(all, e.Name())
	}
	for _, q := range questions(t) {
		got = append(got, q.Scenario)
		e := expected(t, q.Scenario)
		if !strings.HasSuffix(q.Question, "?") {
			t.Errorf("%s: %q is no question", q.Scenario, q.Question)
		}
		of := want[struct{ Subject subject }](t, q.Scenario).Subject
		if !strings.Contains(q.Question, of.Component) || !strings.Contains(q.Question, "namespace "+of.Namespace) {
			t.Errorf("%s: %q does not name component %s in namespace %s", q.Scenario, q.Question, of.Component, of.Namespace)
		}
		if f := e.Failing; f != nil && (strings.Contains(q.Question, f.Code) || strings.Contains(q.Question, f.Object.Kind)) {
			t.Errorf("%s: %q holds the answer, %s of %s", q.Scenario, q.Question, f.Code, f.Object)
		}
	}
	slices.Sort(got)
	if diff := cmp.Diff(all, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestScore(t *testing.T) {
	t.Parallel()
	failed := Expected{"Failed", &Failing{"pod", "dev", "OOMKilled", Object{"Pod", "dp", "cart-1"}, []string{"kubectl logs cart-1 -n dp"}}}
	healthy := Expected{Verdict: "Healthy"}
	for name, c := range map[string]struct {
		expected Expected
		answer   Answer
		want     Score
	}{
		"All":         {failed, Answer{"", "Failed", "pod", "dev", "Pod dp/cart-1", "OOMKilled", "kubectl logs cart-1 -n dp"}, Score{5, 5, nil}},
		"OtherForm":   {failed, Answer{"", "Failed", "pod", "dev", "pod/cart-1", "OOMKilled", ""}, Score{4, 5, []string{"command"}}},
		"Environment": {failed, Answer{"", "Failed", "pod", "", "Pod cart-1", "OOMKilled", ""}, Score{3, 5, []string{"command", "rung"}}},
		"OtherObject": {failed, Answer{"", "Failed", "pod", "dev", "Pod other/cart-1", "OOMKilled", ""}, Score{3, 5, []string{"command", "object"}}},
		"Nothing":     {failed, Answer{}, Score{0, 5, []string{"code", "command", "object", "rung", "verdict"}}},
		"Healthy":     {healthy, Answer{Verdict: "Healthy"}, Score{1, 1, nil}},
		"FalseAlarm":  {healthy, Answer{Verdict: "Failed", Rung: "pod"}, Score{0, 1, []string{"verdict", "rung"}}},
	} {
		if diff := cmp.Diff(c.want, c.expected.Of(c.answer)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestAnswers scores the answers of a model: go test ./internal/mcp/evals -run TestAnswers -v -answers FILE.
func TestAnswers(t *testing.T) {
	if *answersFile == "" {
		t.Skip("no -answers")
	}
	points, most := 0, 0
	answers := map[string]Answer{}
	for _, a := range linesOf[Answer](t, *answersFile) {
		if _, twice := answers[a.Scenario]; twice {
			t.Errorf("%s has two answers", a.Scenario)
		}
		answers[a.Scenario] = a
	}
	for _, q := range questions(t) {
		s := expected(t, q.Scenario).Of(answers[q.Scenario])
		delete(answers, q.Scenario)
		points, most = points+s.Points, most+s.Most
		if s.Points < s.Most {
			t.Logf("%s: %d of %d, missed %s", q.Scenario, s.Points, s.Most, strings.Join(s.Missed, ", "))
		}
	}
	for scenario := range answers {
		t.Errorf("no scenario %q", scenario)
	}
	t.Logf("score: %d of %d points", points, most)
}
