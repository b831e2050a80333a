package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// lay writes a file of the repository.
func (r changesRepository) lay(name, text string) {
	r.t.Helper()
	file := filepath.Join(r.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		r.t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		r.t.Fatal(err)
	}
}

// sourceRef is the GitRepository of the scenario.
func (r changesRepository) sourceRef() facts.Ref {
	r.t.Helper()
	for _, o := range factstest.Scenario(r.t, r.scenario).Objects() {
		if o.Ref.Kind == "GitRepository" {
			return o.Ref
		}
	}
	r.t.Fatal("the scenario has no GitRepository")
	return facts.Ref{}
}

// source is a file with the GitRepository of the scenario, and its spec.ignore from line 8 on.
func (r changesRepository) source(ignore string) string {
	ref := r.sourceRef()
	return "apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: " + ref.Name + ", namespace: " + ref.Namespace + "}\nspec:\n  interval: 1m\n  url: " + r.url +
		"\n  ignore: |\n    " + strings.ReplaceAll(ignore, "\n", "\n    ") + "\n"
}

// TestTraceNamesTheFileThatNothingApplies: the ComponentRelease of the scenario does not exist. The clone has its file, in no
// kustomization.yaml, below spec.ignore, or on another branch; or Git applies it, and then the file is not the reason.
func TestTraceNamesTheFileThatNothingApplies(t *testing.T) {
	t.Parallel()
	const release = "apiVersion: openchoreo.dev/v1alpha1\nkind: ComponentRelease\nmetadata: {name: greeter-service-20990101-1, namespace: release-absent}\n" +
		"spec: {owner: {projectName: demo, componentName: greeter-service}}\n"
	const other = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: other, namespace: release-absent}\n"
	for name, c := range map[string]struct {
		lay  func(r changesRepository, folder string)
		want string // the hint begins so
	}{
		"NotListed": {func(r changesRepository, folder string) {
			r.lay(folder+"/kustomization.yaml", "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [other.yaml]\n")
			r.lay(folder+"/other.yaml", other)
			r.lay(folder+"/release.yaml", "\n"+release)
		}, "FOLDER/release.yaml:2 declares it, and nothing applies that file"},
		"Ignored": {func(r changesRepository, folder string) {
			r.lay(folder+"/other.yaml", other)
			r.lay(".sourceignore", "/"+folder+"/release.yaml\n")
			r.lay(folder+"/release.yaml", release)
		}, "FOLDER/release.yaml:1 declares it, and the pattern \"/FOLDER/release.yaml\" excludes its file (.sourceignore:1)"},
		"IgnoredBySpec": {func(r changesRepository, folder string) {
			r.lay(folder+"/other.yaml", other)
			r.lay("flux/source.yaml", r.source("# releases\n/"+folder+"/release.yaml"))
			r.lay(folder+"/release.yaml", release)
		}, "FOLDER/release.yaml:1 declares it, and the pattern \"/FOLDER/release.yaml\" in spec.ignore of GitRepository NAME excludes its file (flux/source.yaml:9)"},
		"PatchedAway": {func(r changesRepository, folder string) {
			r.lay(folder+"/kustomization.yaml", "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [other.yaml, release.yaml]\npatches:\n"+
				"  - patch: '{apiVersion: openchoreo.dev/v1alpha1, kind: ComponentRelease, metadata: {name: greeter-service-20990101-1, namespace: release-absent}, $patch: delete}'\n")
			r.lay(folder+"/other.yaml", other)
			r.lay(folder+"/release.yaml", release)
		}, "FOLDER/release.yaml:1 declares it, and a patch removes it (FOLDER/kustomization.yaml:5)"},
		"AnotherBranch": {func(r changesRepository, folder string) {
			r.lay(folder+"/release.yaml", release)
			r.git("", "add", "--all")
			r.git("", "commit", "--quiet", "--message", "on a branch")
			r.git("", "update-ref", "refs/remotes/origin/feature", "HEAD")
			r.git("", "reset", "--quiet", "--hard", "HEAD~1")
			r.lay(folder+"/other.yaml", other)
		}, "branch origin/feature declares it, in FOLDER/release.yaml"},
		"Applied": {func(r changesRepository, folder string) { r.lay(folder+"/release.yaml", release) }, "spec.releaseName of ReleaseBinding"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newChangesRepository(t)
			r.scenario = "release-absent"
			folder := r.folder()
			c.lay(r, folder)
			r.git("", "add", "--all")
			r.git("2026-11-21T09:20:20Z", "commit", "--quiet", "--message", "last")
			got, _ := r.trace("-e", "staging", "--kubeconfig", r.cluster(), "--repo", r.dir)
			if got.Failing == nil || got.Failing.Code != "ComponentReleaseNotFound" {
				t.Fatalf("failing %+v", got.Failing)
			}
			source := r.sourceRef()
			if want := strings.NewReplacer("FOLDER", folder, "NAME", source.Namespace+"/"+source.Name).Replace(c.want); !strings.HasPrefix(got.Failing.Hint, want) {
				t.Errorf("hint %q, want %q", got.Failing.Hint, want)
			}
		})
	}
}
