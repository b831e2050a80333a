package lint

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/linttest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// faulty is a shop in two clusters, with faults in several files. Both clusters apply all of it.
func faulty(t *testing.T) *manifest.Repository {
	t.Helper()
	r := linttest.Repository(t, linttest.Shop+linttest.Binding("z", "qa", "state: Undeploy")+linttest.BackComponent("")+
		linttest.Choreo("ReleaseBinding", "a", "owner: {projectName: demo, componentName: back}, environment: qa, state: Undeploy")+
		"{apiVersion: example.com/v1, kind: Thing, metadata: {name: t, namespace: shop}}\n")
	for i := range r.Objects {
		r.Objects[i].Cluster = "east"
	}
	for _, o := range slices.Clone(r.Objects) {
		o.Cluster = "west"
		r.Objects = append(r.Objects, o)
	}
	at := func(file string, line int, message string) manifest.Problem {
		return manifest.Problem{Kind: manifest.NotParsed, Place: manifest.Place{File: file, Line: line}, Message: message}
	}
	r.Problems = []manifest.Problem{at("m.yaml", 10, "tabs"), at("m.yaml", 2, "torn"), at("m.yaml", 2, "tabs"), at("m.yaml", 10, "tabs"), at("b.yaml", 30, "tabs")}
	return r
}

// TestCheckSorts: findings are in the order of files, lines and messages, each once, although two clusters have each of them.
func TestCheckSorts(t *testing.T) {
	t.Parallel()
	report, err := Check(faulty(t), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range report.Findings {
		if f.Severity != trace.Info {
			got = append(got, fmt.Sprintf("%s:%d %s %s", f.File, f.Line, f.Code, f.Message))
		}
	}
	want := []string{
		"a.yaml:1 EnvironmentNotFound ReleaseBinding shop/a names Environment shop/qa, which is not in this repository",
		"b.yaml:30 YAMLInvalid tabs",
		"m.yaml:2 YAMLInvalid tabs",
		"m.yaml:2 YAMLInvalid torn",
		"m.yaml:10 YAMLInvalid tabs",
		"z.yaml:1 EnvironmentNotFound ReleaseBinding shop/z names Environment shop/qa, which is not in this repository",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestCheckGroupsByCause: two bindings with one missing environment have one cause, which no other finding has.
func TestCheckGroupsByCause(t *testing.T) {
	t.Parallel()
	report, err := check(faulty(t), linttest.Schemas(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	byCause := map[string][]string{}
	for _, f := range report.Findings {
		if f.Cause == "" || f.Cause != CauseOf(f) {
			t.Errorf("%s: cause %q", f.File, f.Cause)
		}
		byCause[f.Cause] = append(byCause[f.Cause], fmt.Sprintf("%s:%d", f.File, f.Line))
	}
	var several [][]string
	for _, places := range byCause {
		if len(places) > 1 {
			several = append(several, places)
		}
	}
	slices.SortFunc(several, slices.Compare[[]string])
	want := [][]string{{"a.yaml:1", "z.yaml:1"}, {"b.yaml:30", "m.yaml:2", "m.yaml:10"}}
	if diff := cmp.Diff(want, several); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestCheckReportsDefinitions: the report names the releases whose definitions counted, and counts the objects without one.
func TestCheckReportsDefinitions(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		release   string
		text      string
		want      []string
		unchecked map[string]int
	}{
		"Newest": {"", linttest.Shop, []string{"1.2"}, map[string]int{}},
		"Option": {"1.1", linttest.Shop, []string{"1.1"}, map[string]int{}},
		"Chart":  {"", linttest.Shop + linttest.ChartRelease("1.1.0"), []string{"1.1"}, map[string]int{}},
		"Kinds":  {"", linttest.Choreo("Environment", "e", "") + "{apiVersion: v1, kind: Secret, metadata: {name: s}}\n{apiVersion: v1, kind: Secret, metadata: {name: u}}\n", []string{"1.2"}, map[string]int{"v1 Secret": 2}},
	} {
		report, err := check(linttest.Repository(t, c.text), linttest.Schemas(), Options{OpenChoreoVersion: c.release})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, report.OpenChoreoVersions); diff != "" {
			t.Errorf("%s: releases (-want +got)\n%s", name, diff)
		}
		if diff := cmp.Diff(c.unchecked, report.Unchecked); diff != "" {
			t.Errorf("%s: unchecked (-want +got)\n%s", name, diff)
		}
	}
	if diff := cmp.Diff([]string{"1.0", "1.1", "1.2"}, OpenChoreoVersions()); diff != "" {
		t.Errorf("releases that can be checked (-want +got)\n%s", diff)
	}
}

// TestUnused: an entry that suppresses nothing is worth knowing, and never fails a run.
func TestUnused(t *testing.T) {
	t.Parallel()
	got := Unused("no finding matches")
	if got.Severity != trace.Info || got.Code != trace.CodeSuppressionUnused || got.Message != "no finding matches" || got.Hint == "" {
		t.Errorf("%+v", got)
	}
}
