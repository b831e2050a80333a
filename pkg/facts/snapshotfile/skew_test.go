package snapshotfile

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

type clocks map[facts.Plane]time.Duration

func (c clocks) Skew(plane facts.Plane) (time.Duration, bool) {
	ahead, known := c[plane]
	return ahead, known
}

// TestSkewIsKept expects the skew in the file, also if it is zero: it determines the clock of takenAt.
func TestSkewIsKept(t *testing.T) {
	at := time.Date(2026, 11, 21, 4, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		clocks clocks
		at     time.Time
		want   facts.Skew
	}{
		"Ahead":      {clocks{facts.Control: time.Hour, "edge": -time.Second}, at.Add(-time.Hour), facts.Skew{facts.Control: time.Hour, "edge": -time.Second}},
		"Same":       {clocks{facts.Control: 0}, at, facts.Skew{facts.Control: 0}},
		"NotKnown":   {clocks{"edge": time.Hour}, at, nil},
		"NotOfPlane": {clocks{facts.Control: time.Hour}, at.Add(-time.Hour), facts.Skew{facts.Control: time.Hour}},
	} {
		t.Run(name, func(t *testing.T) {
			s := facts.New(facts.Subject{Namespace: "x", Component: "y"}, at)
			s.Put(facts.Object{Ref: facts.Ref{Plane: "edge", Kind: "Pod", Namespace: "x", Name: "y"}, Outcome: facts.Absent})
			s.SetClock(c.clocks)
			var file strings.Builder
			if err := Write(&file, s, WriteOptions{}); err != nil {
				t.Fatal(err)
			}
			read, err := Read(strings.NewReader(file.String()), "file")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, read.Skew); diff != "" || !read.TakenAt.Equal(c.at) {
				t.Errorf("taken at %s, want %s; (-want +got)\n%s", read.TakenAt, c.at, diff)
			}
		})
	}
	if _, err := Read(strings.NewReader("apiVersion: kubectl-choreo.dev/v1alpha1\nkind: Snapshot\ntakenAt: \"2026-11-21T04:00:00Z\"\nclockSkew: {control: soon}\n...\n"), "file"); err == nil {
		t.Error("a skew that is no duration was accepted")
	}
}
