package facts_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/util/json"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts/snapshotfile"
)

// TestDecodeRecordedObjects compares decode with Kubernetes' util/json on the output of real API servers.
func TestDecodeRecordedObjects(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join("..", "..", "testdata", "scenarios", "*", "snapshot.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatal("there are no scenarios", err)
	}
	for _, file := range files[:10] {
		f, err := os.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		s, err := snapshotfile.Read(f, file)
		_ = f.Close()
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range s.Objects() {
			if o.Body == nil {
				continue
			}
			text, err := o.Body.MarshalJSON()
			if err != nil {
				t.Fatal(err)
			}
			var want map[string]any
			if err := json.Unmarshal(text, &want); err != nil {
				t.Fatal(err)
			}
			got := facts.Encode(o.Ref, o.Body.GetAPIVersion(), string(text)).Object()
			if diff := cmp.Diff(want, got.Body.Object); diff != "" {
				t.Errorf("%s: %s (-want +got)\n%s", file, o.Ref, diff)
			}
		}
	}
}
