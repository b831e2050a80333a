package checkout

import (
	"strings"
	"testing"
)

// copying returns an ArtifactGenerator that copies folders of a GitRepository that no file declares.
func copying(copies string) string {
	return "apiVersion: source.extensions.fluxcd.io/v1beta1\nkind: ArtifactGenerator\nmetadata: {name: mono, namespace: flux-system}\n" +
		"spec: {sources: [{alias: mono, kind: GitRepository, name: flux-system}], artifacts: [{name: apps, copy: [" + copies + "]}]}\n"
}

func ofArtifact(path string) string {
	return strings.Replace(ks("apps", path, ""), "kind: GitRepository, name: gitops", "kind: ExternalArtifact, name: apps", 1)
}

// TestGeneratorsOfTwoClusters: each cluster has an ArtifactGenerator of the same name. The folders that they copy show that their source is
// this repository, whose GitRepository a bootstrap has created.
func TestGeneratorsOfTwoClusters(t *testing.T) {
	t.Parallel()
	files := map[string]string{"base/b.yaml": configMap("b")}
	for _, cluster := range []string{"dev", "prod"} {
		files["clusters/"+cluster+"/artifacts.yaml"] = copying("{from: '@mono/base/**', to: '@artifact/base/'}, {from: '@mono/apps/" + cluster + "/**', to: '@artifact/" + cluster + "/'}")
		files["clusters/"+cluster+"/apps.yaml"] = ofArtifact("./" + cluster)
		files["apps/"+cluster+"/kustomization.yaml"] = kustomization("../../base/b.yaml", "a.yaml")
		files["apps/"+cluster+"/a.yaml"] = configMap(cluster)
	}
	r := load(t, files)
	for _, want := range []string{"apps/dev/a.yaml:1 ConfigMap dev by apps in clusters/dev", "apps/prod/a.yaml:1 ConfigMap prod by apps in clusters/prod"} {
		if got := strings.Join(shown(r), "\n"); !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
	if len(r.Problems) > 0 {
		t.Errorf("%v", r.Problems)
	}
	files["clusters/prod/artifacts.yaml"] = strings.Replace(files["clusters/prod/artifacts.yaml"], "/apps/prod", "/apps/prd", 1)
	if r := load(t, files); len(r.Problems) != 2 || !strings.Contains(r.Problems[1].Message+r.Problems[0].Message, "no file of this repository matches apps/prd/**") {
		t.Errorf("a mistyped folder: %v", r.Problems)
	}
}

// TestPathOutsideOfItsArtifact: all that an ArtifactGenerator copies comes from this repository, so a path that it does not copy is mistyped.
func TestPathOutsideOfItsArtifact(t *testing.T) {
	t.Parallel()
	const all, theirs = "{from: '@mono/apps/**', to: '@artifact/prod/'}", "{from: '@other/x/**', to: '@artifact/x/'}"
	for name, c := range map[string]struct {
		copies, path string
		want         int
	}{
		"Copied":      {all, "./prod", 0},
		"Below":       {all, "./prod/a", 0},
		"Mistyped":    {all, "./prd", 1},
		"MayBeTheirs": {all + ", " + theirs, "./prd", 0},
		"Around":      {"{from: '@mono/apps/**', to: '@artifact/all/prod/'}", "./all", 0},
		"Root":        {all, "./", 0},
		"InvalidGlob": {all + ", {from: '@mono/apps/[a', to: '@artifact/x/'}", "./prod", 0}, // what it matches is unknown
	} {
		r := load(t, map[string]string{"flux/artifacts.yaml": copying(c.copies), "flux/apps.yaml": ofArtifact(c.path), "apps/a/a.yaml": configMap("a")})
		if len(r.Problems) != c.want {
			t.Errorf("%s: %v, want %d problems", name, r.Problems, c.want)
		}
	}
}
