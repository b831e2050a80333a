package printers

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/joshdk/go-junit"
	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

// The parsers here are those of others.

func TestJUnit(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := JUnit(&out, "suite", []Case{
		{Class: "acme.demo", Name: "well", Outcome: CasePassed, Took: 1500 * time.Millisecond},
		{Class: "acme.demo", Name: nasty, Outcome: CaseFailed, Remarks: remarks()},
		{Name: "unknown"},
		{Name: "later", Outcome: CaseSkipped},
		{Name: "nonsense", Outcome: 200, Remarks: remarks()[:1]},
	}); err != nil {
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

func TestJUnitOfAReport(t *testing.T) {
	t.Parallel()
	suites, err := junit.Ingest(printed(t, report(), "junit"))
	if err != nil || len(suites) != 1 || suites[0].Totals.Failed != 3 || suites[0].Totals.Passed != 1 {
		t.Errorf("%+v, %v", suites, err)
	}
}

func TestSARIF(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := SARIF(&out, remarks()); err != nil {
		t.Fatal(err)
	}
	results := validSARIF(t, out.Bytes())
	if len(results) != 4 || results[0].Level != "error" || results[1].Level != "warning" || results[2].Level != "note" || results[3].Level != "error" {
		t.Fatalf("results %+v", results)
	}
	at := results[0].Locations[0].PhysicalLocation
	if *at.ArtifactLocation.URI != "apps/a%20b,c:d.yaml" || *at.ArtifactLocation.URIBaseID != "%SRCROOT%" || *at.Region.StartLine != 7 {
		t.Errorf("the place is %s, line %d", *at.ArtifactLocation.URI, *at.Region.StartLine)
	}
	for i, r := range results { // GitHub refuses the whole file for one result without a place
		if len(r.Locations) != 1 || r.Locations[0].PhysicalLocation == nil || *r.Locations[0].PhysicalLocation.ArtifactLocation.URI == "" {
			t.Errorf("result %d has no place: %+v", i, r.Locations)
		}
	}
	if _, err := sarif.FromBytes(printed(t, VerifyReport{}, "sarif")); err != nil {
		t.Errorf("without results: %v", err)
	}
}

// validSARIF holds a report against the schema of OASIS, which the library brings.
func validSARIF(t *testing.T, text []byte) []*sarif.Result {
	t.Helper()
	parsed, err := sarif.FromBytes(text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	run := parsed.Runs[0] // the library writes what was left out as empty, against the schema
	run.Language, run.Tool.Driver.Language, run.NewlineSequences = "en", "en", []string{"\n"}
	if err := parsed.Validate(); err != nil {
		t.Errorf("%v\n%s", err, text)
	}
	return run.Results
}

// TestMarkdown: what is said is text in the tree of a renderer, wherever it stands; nothing of it is a link, an image, code,
// markup or a further cell.
func TestMarkdown(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	table := Table{Header: []string{"COMPONENT", "GATE"}, Rows: [][]string{{nasty, "failed"}, {"b", nasty}}}
	if err := Markdown(&out, nasty, table, remarks()); err != nil {
		t.Fatal(err)
	}
	source := out.Bytes()
	tree := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser().Parse(text.NewReader(source))
	count := map[string]int{}
	if err := ast.Walk(tree, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			count[n.Kind().String()]++
		}
		return ast.WalkContinue, nil
	}); err != nil {
		t.Fatal(err)
	}
	for _, kind := range []ast.NodeKind{
		ast.KindLink, ast.KindAutoLink, ast.KindImage, ast.KindRawHTML, ast.KindHTMLBlock, ast.KindCodeSpan, ast.KindCodeBlock,
		ast.KindFencedCodeBlock, ast.KindBlockquote, ast.KindThematicBreak, extast.KindStrikethrough, extast.KindTaskCheckBox,
	} {
		if count[kind.String()] > 0 {
			t.Errorf("%d nodes of %s\n%s", count[kind.String()], kind, source)
		}
	}
	for kind, want := range map[string]int{"Heading": 1, "Table": 1, "TableRow": 2, "TableCell": 6, "List": 1, "ListItem": 4, "Emphasis": 4} {
		if count[kind] != want {
			t.Errorf("%d nodes of %s, want %d\n%s", count[kind], kind, want, source)
		}
	}
	var html bytes.Buffer
	if err := goldmark.New(goldmark.WithExtensions(extension.GFM)).Convert(source, &html); err != nil {
		t.Fatal(err)
	}
	for _, shown := range []string{"| `code` **b** [l](http://evil)", "@team", "::stop-commands::t", "1. one"} {
		if !strings.Contains(html.String(), shown) {
			t.Errorf("%q is not shown:\n%s", shown, html.String())
		}
	}
}

func TestPrometheus(t *testing.T) {
	t.Parallel()
	families := scraped(t, report())
	if got := families["choreo_failures"].GetMetric()[2]; got.GetLabel()[0].GetValue() != "delivery" || got.GetGauge().GetValue() != 3 {
		t.Errorf("failures: %v", got)
	}
	if got := families["choreo_causes"].GetMetric()[2].GetGauge().GetValue(); got != 1 {
		t.Errorf("%v causes, want 1", got)
	}
	for name, want := range map[string]int{
		"choreo_verify_decision": 4, "choreo_component_health": 30, "choreo_component_sync": 18, "choreo_component_reported": 6, "choreo_component_age_seconds": 3,
		"choreo_component_info": 6, "choreo_component_drift": 4, "choreo_probe_success": 3, "choreo_probe_duration_seconds": 3,
		"choreo_verify_duration_seconds": 1, "choreo_verify_timestamp_seconds": 1,
	} {
		if got := len(families[name].GetMetric()); got != want {
			t.Errorf("%s: %d samples, want %d", name, got, want)
		}
	}
	if len(scraped(t, VerifyReport{})) == 0 {
		t.Error("an empty report has no metrics")
	}
}

// TestPrometheusOfWhatWaits: what is on its way is no failure, and what the cluster's clock says of the future is of now.
func TestPrometheusOfWhatWaits(t *testing.T) {
	t.Parallel()
	one := verify.Result{
		Trace: &trace.Trace{Subject: facts.Subject{Component: "a"}, TakenAt: ended}, Cells: []verify.Cell{{Environment: "development", Bound: true, Since: ended.Add(time.Minute)}},
		Judgement: verify.Judgement{Decision: verify.Pending, Reasons: []verify.Reason{{Decision: verify.Pending, Failure: trace.Failure{Rung: trace.RungPod}}}},
	}
	families := scraped(t, VerifyReport{Ended: ended, Results: []verify.Result{one}, Causes: verify.Causes([]verify.Result{one})})
	for _, name := range []string{"choreo_failures", "choreo_causes", "choreo_component_age_seconds"} {
		for _, m := range families[name].GetMetric() {
			if m.GetGauge().GetValue() != 0 {
				t.Errorf("%s: %v", name, m)
			}
		}
	}
	if len(families["choreo_component_age_seconds"].GetMetric()) != 1 {
		t.Error("there is no age")
	}
}

func scraped(t *testing.T, r printable) map[string]*dto.MetricFamily {
	t.Helper()
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(bytes.NewReader(printed(t, r, "prometheus")))
	if err != nil {
		t.Fatal(err)
	}
	return families
}

func TestVerifyData(t *testing.T) {
	t.Parallel()
	var fromJSON, fromYAML map[string]any
	if err := json.Unmarshal(printed(t, report(), "json"), &fromJSON); err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(printed(t, report(), "yaml"), &fromYAML); err != nil {
		t.Fatal(err)
	}
	want := []string{"apiVersion", "causes", "components", "decision", "kind", "require", "seconds", "takenAt", "timedOut"}
	for format, got := range map[string]map[string]any{"json": fromJSON, "yaml": fromYAML} {
		if diff := cmp.Diff(want, fieldNames(got)); diff != "" {
			t.Errorf("%s: fields (-want +got)\n%s", format, diff)
		}
		cause := got["causes"].([]any)[0].(map[string]any)
		if subjects := cause["subjects"].([]any); len(subjects) != 3 || cause["code"] != "KustomizationBuildFailed" {
			t.Errorf("%s: the cause is %v", format, cause)
		}
	}
	component := fromJSON["components"].([]any)[0].(map[string]any)
	if diff := cmp.Diff([]string{"current", "decision", "environments", "probes", "reasons", "subject", "verdict", "wanted"}, fieldNames(component)); diff != "" {
		t.Errorf("fields of a component (-want +got)\n%s", diff)
	}
	cell := component["environments"].([]any)[0].(map[string]any)
	if diff := cmp.Diff([]string{"bound", "commit", "current", "environment", "failing", "image", "next", "order", "release", "since", "verdict"}, fieldNames(cell)); diff != "" {
		t.Errorf("fields of an environment (-want +got)\n%s", diff)
	}
	if original := component["subject"].(map[string]any)["component"]; original != "a" {
		t.Errorf("the component is %q", original)
	}
}

func fieldNames(object map[string]any) []string { return slices.Sorted(maps.Keys(object)) }
