package ci

import (
	"bytes"
	"testing"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"github.com/kubectl-choreo/kubectl-choreo/internal/printerstest"
)

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
