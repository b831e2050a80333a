package ci

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"github.com/kubectl-choreo/kubectl-choreo/internal/printerstest"
)

// TestSARIF: the report is valid, and each result has a level and a place.
func TestSARIF(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := WriteSARIF(&out, remarks(), ""); err != nil {
		t.Fatal(err)
	}
	results := printerstest.SARIFResults(t, out.Bytes())
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
	out.Reset()
	if err := WriteSARIF(&out, nil, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := sarif.FromBytes(out.Bytes()); err != nil {
		t.Errorf("without results: %v", err)
	}
}

// TestSARIFRules: a rule for each code, in the order of the first results, with the sentence of its page if it has one.
func TestSARIFRules(t *testing.T) {
	t.Parallel()
	all := []Annotation{
		{Code: "ImagePullBackOff", Severity: "error", Message: "m", Cause: "ImagePullBackOff-1"},
		{Code: "B", Severity: "info"},
		{Code: "ImagePullBackOff", Severity: "warning", Message: "n"},
		{},
	}
	var out bytes.Buffer
	if err := WriteSARIF(&out, all, "Checked:\n1 object"); err != nil {
		t.Fatal(err)
	}
	var got sarifLog
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	run := got.Runs[0]
	want := []sarifRule{
		{ID: "ImagePullBackOff", Short: &sarifText{"The node cannot pull an image of the Pod."}, Help: sarifText{"kubectl choreo explain ImagePullBackOff"}},
		{ID: "B", Help: sarifText{"kubectl choreo explain B"}},
		{ID: "Unknown", Help: sarifText{"kubectl choreo explain Unknown"}},
	}
	if diff := cmp.Diff(want, run.Tool.Driver.Rules); diff != "" {
		t.Errorf("rules (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(map[string]string{"summary": "Checked: 1 object"}, run.Extra); diff != "" {
		t.Errorf("properties (-want +got)\n%s", diff)
	}
	type result struct {
		Rule, Level, Text, Cause string
		Index                    int
	}
	var results []result
	for _, r := range run.Results {
		results = append(results, result{r.RuleID, r.Level, r.Message.Text, r.Extra["cause"], r.RuleIndex})
	}
	wantResults := []result{
		{"ImagePullBackOff", "error", "m", "ImagePullBackOff-1", 0},
		{"B", "note", "B", "", 1},
		{"ImagePullBackOff", "warning", "n", "", 0},
		{"Unknown", "error", "Unknown", "", 2},
	}
	if diff := cmp.Diff(wantResults, results); diff != "" {
		t.Errorf("results (-want +got)\n%s", diff)
	}
}

// TestSARIFLocations: a file is from the root of the repository. An object without a file is in the folder cluster, because GitHub
// rejects a result without a place.
func TestSARIFLocations(t *testing.T) {
	t.Parallel()
	file := func(uri string, line int, names ...sarifLogical) sarifLocation {
		at := sarifLocation{Physical: &sarifPhysical{Artifact: sarifArtifact{uri, "%SRCROOT%"}}, Logical: names}
		if line > 0 {
			at.Physical.Region = &sarifRegion{line}
		}
		return at
	}
	logical := sarifLogical{"Kustomization flux-system/apps", "resource"}
	for name, c := range map[string]struct {
		in   Annotation
		want sarifLocation
	}{
		"Nothing":    {Annotation{}, sarifLocation{Physical: &sarifPhysical{Artifact: sarifArtifact{URI: "cluster"}}}},
		"Object":     {Annotation{Object: apps}, sarifLocation{Physical: &sarifPhysical{Artifact: sarifArtifact{URI: "cluster/Kustomization/flux-system/apps"}}, Logical: []sarifLogical{logical}}},
		"File":       {Annotation{File: "d/a.yaml"}, file("d/a.yaml", 0)},
		"Line":       {Annotation{File: "d/a.yaml", Line: 1, Object: apps}, file("d/a.yaml", 1, logical)},
		"Characters": {Annotation{File: "d/a b?#%.yaml", Line: 7}, file("d/a%20b%3F%23%25.yaml", 7)},
		"Scheme":     {Annotation{File: "a:b.yaml"}, file("./a:b.yaml", 0)},
	} {
		if diff := cmp.Diff([]sarifLocation{c.want}, locations(c.in)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}
