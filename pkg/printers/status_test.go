package printers

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/printerstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

func overviewOf(results ...verify.Result) StatusReport {
	return StatusReport{Begun: printerstest.Ended, Ended: printerstest.Ended, Results: results, Causes: verify.Causes(results)}
}

// placed is a component in development, where it runs for an hour.
func placed(name string, d verify.Decision, v trace.Verdict) verify.Result {
	one := decided(name, d)
	one.Trace.Verdict, one.Trace.TakenAt = v, printerstest.Ended
	one.Cells = []verify.Cell{{
		Environment: "development", Bound: true, Verdict: v, Current: trace.Current, Release: name + "-20261121-1", Image: "registry.example.com/acme/" + name + ":1.0.1", Since: printerstest.Ended.Add(-time.Hour),
	}}
	return one
}

// failing is a component in which an object fails, in development, or above all environments.
func failing(name, environment string, code trace.Code, object string) verify.Result {
	one := placed(name, verify.Failed, trace.VerdictFailed)
	if environment == "" {
		one.Cells[0].Verdict, one.Cells[0].Current = trace.VerdictHealthy, trace.Behind
	}
	one.Reasons = []verify.Reason{{Decision: verify.Failed, Failure: trace.Failure{Rung: trace.RungPod, Environment: environment, Finding: trace.Finding{
		Code: code, Message: "it failed", Object: facts.Ref{Plane: facts.Control, Kind: "Thing", Namespace: "shop", Name: object},
	}}}}
	return one
}

func printed(t *testing.T, r StatusReport, format string, o Options) string {
	t.Helper()
	var out strings.Builder
	o.Now = printerstest.Ended
	if err := r.Print(&out, format, o); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestStatusIsHarmless(t *testing.T) {
	t.Parallel()
	v := report()
	r := StatusReport{Begun: v.Begun, Ended: v.Ended, Results: v.Results, Causes: v.Causes}
	printerstest.CheckReport(t, r, StatusFormats())
	for _, o := range []Options{{Marks: true, Color: true, Width: 80}, {Marks: true, ASCII: true, Width: 200}, {Width: 40}} {
		text := printed(t, r, "table", o)
		if o.Color {
			text = strings.NewReplacer("\x1b[1;31m", "", "\x1b[32m", "", "\x1b[33m", "", "\x1b[36m", "", "\x1b[35m", "", "\x1b[0m", "").Replace(text)
		}
		printerstest.CheckHarmless(t, fmt.Sprintf("%+v", o), text)
	}
	printerstest.CheckHarmless(t, "screen", r.Screen(Options{Marks: true, Width: 80, Now: v.Ended}, 24, printerstest.Nasty))
}

// TestStatusTable: trouble first, then what has remarks, then what is healthy; each row has its mark.
func TestStatusTable(t *testing.T) {
	t.Parallel()
	drifted := placed("ads", verify.Passed, trace.VerdictHealthy)
	drifted.Cells[0].Remarks = verify.Remarks{Drift: 2, DriftSince: printerstest.Ended.Add(-5 * time.Minute), Warnings: []trace.Code{trace.CodeFieldDrift}}
	never := decided("new", verify.Passed)
	never.Trace.Verdict = trace.VerdictSuspended
	r := overviewOf(placed("cart", verify.Passed, trace.VerdictHealthy), drifted, never, failing("pay", "development", trace.CodeImagePullBackOff, "p"), failing("web", "", trace.CodeKustomizationBuildFailed, "k"))
	want := []string{
		"   COMPONENT  ENVIRONMENT  STATE       RELEASE     IMAGE       AGE  DRIFT  CAUSE",
		"✗  pay        development  failed      20261121-1  pay:1.0.1   60m  -      ImagePullBackOff",
		"✗  web        development  ok, behind  20261121-1  web:1.0.1   60m  -      KustomizationBuildFailed",
		"!  ads        development  ok          20261121-1  ads:1.0.1   60m  2, 5m  FieldDrift",
		"✓  cart       development  ok          20261121-1  cart:1.0.1  60m  -      -",
		"‖  new        -            suspended   -           -           -    -      -",
	}
	got := strings.Split(printed(t, r, "table", Options{Marks: true}), "\n")[:len(want)]
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for width, columns := range map[int]string{
		96: "COMPONENT ENVIRONMENT STATE RELEASE IMAGE AGE DRIFT CAUSE", 92: "COMPONENT ENVIRONMENT STATE RELEASE IMAGE AGE DRIFT CAUSE",
		80: "COMPONENT ENVIRONMENT STATE IMAGE AGE DRIFT CAUSE", 79: "COMPONENT ENVIRONMENT STATE AGE DRIFT CAUSE",
		71: "COMPONENT ENVIRONMENT STATE CAUSE", 59: "COMPONENT ENVIRONMENT STATE",
	} {
		lines := strings.Split(printed(t, r, "table", Options{Width: width}), "\n")
		if got := strings.Join(strings.Fields(lines[0]), " "); got != columns {
			t.Errorf("%d cells: %s, want %s", width, got, columns)
		}
	}
	if got := strings.Split(printed(t, r, "table", Options{Marks: true, Color: true}), "\n")[1]; !strings.HasPrefix(got, "\x1b[1;31m✗\x1b[0m  pay ") {
		t.Errorf("%q", got)
	}
}

// TestStatusIsShort: of many components those in trouble have rows, some of each cause, and each cause is there once.
func TestStatusIsShort(t *testing.T) {
	t.Parallel()
	var all []verify.Result
	for i := range 2000 {
		all = append(all, placed(fmt.Sprintf("well-%04d", i), verify.Passed, trace.VerdictHealthy))
		if i < 500 {
			all = append(all, failing(fmt.Sprintf("held-%04d", i), "", trace.CodeKustomizationBuildFailed, "apps"), failing(fmt.Sprintf("own-%04d", i), "development", trace.CodeCrashLoopBackOff, fmt.Sprint(i)))
		}
	}
	r := overviewOf(all...)
	text := printed(t, r, "table", Options{})
	if lines := strings.Count(text, "\n"); lines > 45 {
		t.Errorf("%d lines", lines)
	}
	for _, words := range []string{
		"held-0004", "own-0000", "Affects 500 components: held-0000, ", " and 492 more.", "CrashLoopBackOff, 499 more:", "… and 494 more", "kubectl choreo trace own-",
		"Components not listed: 990 in trouble, 2000 healthy; -o wide lists all.", "3000 components: 1000 failing, 2000 healthy.",
	} {
		if !strings.Contains(text, words) {
			t.Errorf("%q is missing in\n%s", words, text)
		}
	}
	if strings.Contains(text, "held-0005  ") || strings.Contains(text, "own-0005  ") || strings.Contains(text, "well-") {
		t.Errorf("too many rows:\n%s", text)
	}
	r.Named = true
	if text := printed(t, r, "table", Options{}); !strings.Contains(text, "well-1999") {
		t.Error("a component that was named is not listed")
	}
	if wide := printed(t, r, "wide", Options{}); strings.Count(wide, "\nwell-")+strings.Count(wide, " well-") < 2000 || !strings.Contains(wide, "registry.example.com/acme/well-1999:1.0.1") {
		t.Error("wide does not list all")
	}
}

// TestStatusScreen: what all comes to is the first line, and the picture fits.
func TestStatusScreen(t *testing.T) {
	t.Parallel()
	var all []verify.Result
	for i := range 100 {
		all = append(all, failing(fmt.Sprintf("own-%04d", i), "development", trace.CodeCrashLoopBackOff, fmt.Sprint(i)))
	}
	lines := strings.Split(overviewOf(all...).Screen(Options{Marks: true, Width: 80, Now: printerstest.Ended}, 24, "no route to host"), "\n")
	if len(lines) > 23 || lines[0] != "100 components: 100 failing." || lines[1] != "no route to host" || !strings.HasPrefix(lines[len(lines)-1], "… ") {
		t.Errorf("%d lines\n%s", len(lines), strings.Join(lines, "\n"))
	}
	if !slices.ContainsFunc(lines, func(line string) bool { return strings.HasPrefix(line, "Failed: pod") }) {
		t.Errorf("no cause is seen:\n%s", strings.Join(lines, "\n"))
	}
}

// TestStatusHeadline counts what there is, and names a single component.
func TestStatusHeadline(t *testing.T) {
	t.Parallel()
	drifted, reported := decided("d", verify.Passed), decided("r", verify.Passed)
	drifted.Shared = verify.Remarks{Drift: 1, Warnings: []trace.Code{trace.CodeFieldDrift}}
	reported.Cells = []verify.Cell{{Reported: true}}
	for want, r := range map[string]StatusReport{
		"No components": {},
		"a: healthy":    overviewOf(decided("a", verify.Passed)),
		"a: failing":    overviewOf(decided("a", verify.Failed)),
		"6 components: 1 failing, 1 unknown, 1 not ready, 3 healthy, 1 as reported by OpenChoreo, 1 with drift, 1 with warnings": overviewOf(
			decided("a", verify.Failed), decided("b", verify.Undecided), decided("c", verify.Pending), drifted, reported, decided("e", verify.Passed)),
		"2 components: 2 unknown": overviewOf(decided("a", verify.Undecided), decided("b", 9)),
	} {
		if got := r.Headline(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestStatusData holds the fields of docs/json.md.
func TestStatusData(t *testing.T) {
	t.Parallel()
	one := failing("pay", "development", trace.CodeImagePullBackOff, "p")
	one.Shared = verify.Remarks{Drift: 1, DriftSince: printerstest.Ended, Warnings: []trace.Code{trace.CodeFieldDrift}}
	var got map[string]any
	if err := json.Unmarshal([]byte(printed(t, overviewOf(placed("cart", verify.Passed, trace.VerdictHealthy), one), "json", Options{})), &got); err != nil {
		t.Fatal(err)
	}
	component := got["components"].([]any)[0].(map[string]any)
	for name, c := range map[string]struct {
		of   any
		want string
	}{
		"document":  {got, "apiVersion causes components kind summary takenAt"},
		"summary":   {got["summary"], "components drifted failing healthy notReady reported unknown warned"},
		"component": {component, "current drift driftSince environments reasons subject verdict wanted warnings"},
	} {
		if fields := strings.Join(printerstest.FieldNames(c.of.(map[string]any)), " "); fields != c.want {
			t.Errorf("%s: %s, want %s", name, fields, c.want)
		}
	}
	if name := component["subject"].(map[string]any)["component"]; name != "pay" {
		t.Errorf("the first component is %v, want the one in trouble", name)
	}
}
