package cli

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// changesRepository is a repository of which a web server has a copy. Its second commit releases an image that does not exist.
type changesRepository struct {
	t         *testing.T
	dir, bare string
	url       string
	scenario  string
}

func newChangesRepository(t *testing.T) changesRepository {
	t.Helper()
	r := changesRepository{t: t, dir: t.TempDir(), bare: t.TempDir(), scenario: "pod-image-pull"}
	server := httptest.NewServer(http.FileServer(http.Dir(r.bare)))
	t.Cleanup(server.Close)
	r.url = server.URL + "/shop.git"
	r.git("", "init", "--quiet", "--initial-branch=main")
	r.git("", "remote", "add", "origin", r.url)
	r.release("1", "1.0.0", "2026-11-21T09:20:05Z")
	r.release("2", "missing", "2026-11-21T09:20:19Z")
	r.push()
	return r
}

func (r changesRepository) git(at string, args ...string) string {
	r.t.Helper()
	cmd := exec.CommandContext(r.t.Context(), "git", args...)
	cmd.Dir = r.dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_NOSYSTEM=1", "GIT_COMMITTER_DATE="+at, "GIT_AUTHOR_DATE="+at,
		"GIT_AUTHOR_NAME=Dana", "GIT_AUTHOR_EMAIL=d@example.com", "GIT_COMMITTER_NAME=Dana", "GIT_COMMITTER_EMAIL=d@example.com")
	out, err := cmd.CombinedOutput()
	if err != nil {
		r.t.Fatalf("git %s: %v: %s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

// release commits a release, and its pin.
func (r changesRepository) release(number, tag, at string) string {
	r.t.Helper()
	const api, owner = "apiVersion: openchoreo.dev/v1alpha1\n", "owner: {projectName: demo, componentName: greeter-service}"
	name := "greeter-service-20261121-" + number
	for file, text := range map[string]string{
		"release-" + number + ".yaml": "kind: ComponentRelease\nmetadata: {name: " + name + "}\nspec: {" + owner + ", workload: {container: {image: 'registry.example.com/acme/greeter-service:" + tag + "'}}}\n",
		"binding.yaml":                "kind: ReleaseBinding\nmetadata: {name: greeter-service-development}\nspec: {" + owner + ", environment: development, releaseName: " + name + "}\n",
	} {
		if err := os.WriteFile(filepath.Join(r.dir, file), []byte(api+text), 0o600); err != nil {
			r.t.Fatal(err)
		}
	}
	r.git("", "add", "--all")
	r.git(at, "commit", "--quiet", "--message", "release "+number)
	return r.git("", "rev-parse", "HEAD")
}

// push brings the copy up to date.
func (r changesRepository) push() {
	r.t.Helper()
	copied := filepath.Join(r.bare, "shop.git")
	if err := os.RemoveAll(copied); err != nil {
		r.t.Fatal(err)
	}
	r.git("", "clone", "--quiet", "--bare", r.dir, copied)
	r.git("", "--git-dir", copied, "update-server-info")
	r.git("", "update-ref", "refs/remotes/origin/main", "HEAD")
}

// folder is the path of the Kustomization that applies the component.
func (r changesRepository) folder() string {
	r.t.Helper()
	for _, o := range factstest.Scenario(r.t, r.scenario).Objects() {
		if o.Ref.Kind == "Kustomization" && strings.HasSuffix(o.Ref.Name, "-projects") {
			return filepath.Clean(kinds.Text(o.Body, "spec", "path"))
		}
	}
	r.t.Fatal("the scenario has no Kustomization of projects")
	return ""
}

// cluster serves the scenario with the commits and the URL of the repository.
func (r changesRepository) cluster() string {
	r.t.Helper()
	s := factstest.Scenario(r.t, r.scenario)
	var url, commit string
	for _, o := range s.Objects() {
		if o.Ref.Kind == "GitRepository" {
			url, commit = kinds.Text(o.Body, "spec", "url"), kinds.Commit(kinds.Text(o.Body, "status", "artifact", "revision"))
		}
	}
	replace := strings.NewReplacer(url, r.url, commit, r.git("", "rev-parse", "HEAD"))
	objects := s.Objects()
	for i, o := range objects {
		if o.Body == nil {
			continue
		}
		text, err := json.Marshal(o.Body)
		if err != nil {
			r.t.Fatal(err)
		}
		objects[i].Body = o.Body.DeepCopy()
		if err := objects[i].Body.UnmarshalJSON([]byte(replace.Replace(string(text)))); err != nil {
			r.t.Fatal(err)
		}
	}
	return kubeconfig(r.t, map[string]*cluster{"control": serveObjects(r.t, objects)})
}

func (r changesRepository) trace(args ...string) (*trace.Trace, int) {
	r.t.Helper()
	call := append([]string{"trace", "greeter-service", "-n", r.scenario, "-o", "json"}, args...)
	out, stderr, exit := runIn(r.t, nil, call...)
	var t trace.Trace
	var plain struct {
		Wanted  trace.Wanted
		Failing *trace.Failure
		Rungs   []struct {
			ID       trace.RungID
			Findings []trace.Finding
		}
	}
	if err := json.Unmarshal([]byte(out), &plain); err != nil {
		r.t.Fatalf("exit %d, %v: %s%s", exit, err, stderr, out)
	}
	t.Wanted, t.Failing = plain.Wanted, plain.Failing
	for _, rung := range plain.Rungs {
		t.Rungs = append(t.Rungs, trace.Rung{ID: rung.ID, Findings: rung.Findings})
	}
	return &t, exit
}

func codesOf(t *trace.Trace) string {
	var codes []string
	for _, rung := range t.Rungs {
		for _, f := range rung.Findings {
			codes = append(codes, string(f.Code))
		}
	}
	return strings.Join(codes, " ")
}

// TestTraceNamesTheCommit: with a clone at hand, the commit that released the image is named, with its author and file; without one, the
// new pods are.
func TestTraceNamesTheCommit(t *testing.T) {
	t.Parallel()
	r := newChangesRepository(t)
	config := r.cluster()
	with, _ := r.trace("-e", "development", "--kubeconfig", config, "--repo", r.dir)
	if with.Failing == nil || len(with.Failing.Changes) != 1 {
		t.Fatalf("failing %+v", with.Failing)
	}
	c := with.Failing.Changes[0]
	if c.Kind != trace.ChangeCommit || c.Commit == nil || c.Commit.Author != "Dana" || c.Commit.File != "release-2.yaml" || c.Commit.Subject != "release 2" {
		t.Errorf("got %+v of %+v", c, c.Commit)
	}
	if want := "image greeter-service:1.0.0 → greeter-service:missing"; !strings.Contains(c.Message, want) {
		t.Errorf("no %q in %q", want, c.Message)
	}
	without, _ := r.trace("-e", "development", "--kubeconfig", config, "--repo", t.TempDir())
	if without.Failing == nil || len(without.Failing.Changes) != 1 || without.Failing.Changes[0].Kind != trace.ChangeRollout {
		t.Errorf("failing %+v", without.Failing)
	}
}

// TestTraceOfTheRemote: Git has a newer commit, that the source has not fetched, and that no clone has.
func TestTraceOfTheRemote(t *testing.T) {
	t.Parallel()
	r := newChangesRepository(t)
	config := r.cluster()
	fetched := r.git("", "rev-parse", "HEAD")
	if same, _ := r.trace("-e", "development", "--kubeconfig", config, "--repo", t.TempDir(), "--revision", "remote"); same.Wanted.Commit != fetched || same.Wanted.From != facts.FromRemote {
		t.Errorf("wanted %+v, want %s", same.Wanted, fetched)
	}
	newer := r.release("3", "1.0.1", "2026-11-21T09:20:31Z")
	if unpushed, _ := r.trace("-e", "development", "--kubeconfig", config, "--repo", r.dir); !strings.Contains(codesOf(unpushed), "RevisionNotPushed") {
		t.Errorf("codes %q, want RevisionNotPushed", codesOf(unpushed))
	}
	r.push()
	moved, _ := r.trace("-e", "development", "--kubeconfig", config, "--repo", t.TempDir(), "--revision", "remote")
	if moved.Wanted.Commit != newer || moved.Wanted.Revision != "main@sha1:"+newer || !strings.Contains(codesOf(moved), "RevisionNotFetched") {
		t.Errorf("wanted %+v, codes %q; want %s and RevisionNotFetched", moved.Wanted, codesOf(moved), newer)
	}
	if err := os.RemoveAll(filepath.Join(r.bare, "shop.git")); err != nil {
		t.Fatal(err)
	}
	if gone, _ := r.trace("-e", "development", "--kubeconfig", config, "--repo", t.TempDir(), "--revision", "remote"); codesOf(gone) != "RevisionUnknown" {
		t.Errorf("codes %q, want RevisionUnknown", codesOf(gone))
	}
}
