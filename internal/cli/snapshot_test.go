package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/gitrev"
	"github.com/kubectl-choreo/kubectl-choreo/internal/gitrev/sources"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts/snapshotfile"
)

// TestSnapshotNamesFileAndCommit goes the whole way: the clone is asked, the answer is written, and the reader of the
// file, who has no clone, is told.
func TestSnapshotNamesFileAndCommit(t *testing.T) {
	t.Parallel()
	s := factstest.Scenario(t, "kustomization-dry-run-fails")
	clone, file := t.TempDir(), "greeter.yaml"
	text := "apiVersion: openchoreo.dev/v1alpha1\nkind: Component\nmetadata: {name: greeter-service, namespace: kustomization-dry-run-fails}\n"
	if err := os.WriteFile(filepath.Join(clone, file), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	source := s.Of(facts.Control, kinds.FluxSource, "GitRepository")[0].Body
	for _, args := range [][]string{
		{"init", "--quiet"},
		{"remote", "add", "origin", kinds.Text(source, "spec", "url")},
		{"add", file},
		{"-c", "user.name=Dana Developer", "-c", "user.email=dana@example.com", "commit", "--quiet", "--message", "scale greeter-service"},
	} {
		if out, err := exec.Command("git", append([]string{"-C", clone}, args...)...).CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v: %s", args, err, out)
		}
	}
	head, err := exec.Command("git", "-C", clone, "rev-parse", "HEAD").Output()
	if err != nil {
		t.Fatal(err)
	}
	fetch(t, s, "main@sha1:"+strings.TrimSpace(string(head)))
	s.Changes = gitrev.Changes(t.Context(), clone, sources.FailedObjects(s))
	snapshot := filepath.Join(t.TempDir(), "case.yaml")
	var written strings.Builder
	if err := snapshotfile.Write(&written, s, snapshotfile.WriteOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(snapshot, []byte(written.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	tree, _ := run(t, "trace", "--snapshot", snapshot)
	if said := strings.Join(strings.Fields(tree), " "); !strings.Contains(said, "the file is greeter.yaml, last changed by Dana Developer in ") {
		t.Errorf("nobody is named:\n%s", tree)
	}
}

// fetch makes revision the one that the source has and the Kustomizations have tried.
func fetch(t *testing.T, s *facts.Snapshot, revision string) {
	t.Helper()
	set := func(o facts.Object, path ...string) {
		if err := unstructured.SetNestedField(o.Body.Object, revision, path...); err != nil {
			t.Fatal(err)
		}
	}
	for _, o := range s.Of(facts.Control, kinds.FluxSource, "GitRepository") {
		set(o, "status", "artifact", "revision")
	}
	for _, o := range s.Of(facts.Control, kinds.FluxKustomize, "Kustomization") {
		set(o, "status", "lastAttemptedRevision")
	}
}
