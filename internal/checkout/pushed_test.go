package checkout

import (
	"slices"
	"strings"
	"testing"
)

// ofOCI returns a Kustomization whose source is an OCIRepository that a FluxInstance has created in the cluster.
func ofOCI(name, path string) string {
	return strings.Replace(ks(name, path, ""), "kind: GitRepository, name: gitops", "kind: OCIRepository, name: flux-system", 1)
}

// TestArtifactOfAFolder covers an OCI artifact that CI pushes from a folder of the repository: its paths begin there.
func TestArtifactOfAFolder(t *testing.T) {
	t.Parallel()
	files := map[string]string{
		"kubernetes/clusters/prod/ks.yaml": ofOCI("flux-system", "./clusters/prod") + "---\n" + ofOCI("apps", "./apps"),
		"kubernetes/apps/a.yaml":           configMap("a"),
	}
	check(t, files, "kubernetes/apps/a.yaml:1 ConfigMap a by apps",
		"kubernetes/clusters/prod/ks.yaml:1 Kustomization flux-system/flux-system by flux-system", "kubernetes/clusters/prod/ks.yaml:6 Kustomization flux-system/apps by flux-system")

	files["kubernetes/clusters/prod/ks.yaml"] += "---\n" + ofOCI("mistyped", "./apps/b")
	if r := load(t, files); len(r.Problems) != 1 || r.Problems[0].Message != "spec.path ./apps/b is no folder of kubernetes, from which OCIRepository flux-system/flux-system is pushed" {
		t.Errorf("a mistyped path: %v", r.Problems)
	}
}

// TestArtifactGeneratorOfAFolder covers an ArtifactGenerator that copies from such an artifact.
func TestArtifactGeneratorOfAFolder(t *testing.T) {
	t.Parallel()
	generator := strings.Replace(copying("{from: '@mono/apps/**', to: '@artifact/apps/'}, {from: '@mono/base/', to: '@artifact/base/'}"), "kind: GitRepository", "kind: OCIRepository", 1)
	files := map[string]string{
		"kubernetes/clusters/prod/artifacts.yaml": generator + "---\n" + ofArtifact("./apps"),
		"kubernetes/apps/a.yaml":                  configMap("a"), "kubernetes/base/b.yaml": configMap("b"),
	}
	check(t, files, "kubernetes/apps/a.yaml:1 ConfigMap a by apps", "kubernetes/base/b.yaml:1 ConfigMap b loose")
}

// TestForeignArtifact: one path in common is a coincidence.
func TestForeignArtifact(t *testing.T) {
	t.Parallel()
	check(t, map[string]string{"clusters/prod/ks.yaml": ofOCI("apps", "./apps") + "---\n" + ofOCI("infra", "./infra"), "other/apps/a.yaml": configMap("a")},
		"clusters/prod/ks.yaml:1 Kustomization flux-system/apps", "clusters/prod/ks.yaml:6 Kustomization flux-system/infra", "other/apps/a.yaml:1 ConfigMap a")
}

// TestArtifactOfACommand: the Kustomization applies the root of an artifact, and a script says which folder that is.
func TestArtifactOfACommand(t *testing.T) {
	t.Parallel()
	source := strings.NewReplacer("GitRepository", "OCIRepository", "name: gitops", "name: flux-system").Replace(gitRepository("oci://registry:5000/apps-sync"))
	files := map[string]string{"clusters/prod/ks.yaml": source + "---\n" + ofOCI("apps", "./"), "deploy/apps/a.yaml": configMap("a")}
	if got := shown(load(t, files)); !slices.Contains(got, "deploy/apps/a.yaml:1 ConfigMap a") {
		t.Errorf("without a script: %v", got)
	}
	files[".github/workflows/push.yaml"] = "steps:\n- run: flux push artifact oci://ghcr.io/org/apps-sync:latest --path=./deploy/apps\n"
	check(t, files, "deploy/apps/a.yaml:1 ConfigMap a by apps")
	files["clusters/prod/ks.yaml"] += "---\n" + ofOCI("mistyped", "./bpps")
	if r := load(t, files); len(r.Problems) != 1 || r.Problems[0].Message != "spec.path ./bpps is no folder of deploy/apps, from which OCIRepository flux-system/flux-system is pushed" {
		t.Errorf("a mistyped path: %v", r.Problems)
	}
}
