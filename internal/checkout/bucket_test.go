package checkout

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestBucket: source-controller leaves .sops.yaml out of the artifact of a Git repository, and not of a bucket, of which each file must be
// an object.
func TestBucket(t *testing.T) {
	t.Parallel()
	git := gitRepository("https://h.example/r") + "---\n" + ks("apps", "./k", "")
	bucket := func(spec string) string {
		return strings.ReplaceAll(strings.Replace(git, "{url: https://h.example/r}", "{bucketName: b, endpoint: h.example"+spec+"}", 1), "GitRepository", "Bucket")
	}
	const stray = "k/.sops.yaml:1 a document without kind, apiVersion or metadata.name: every file below the path must hold Kubernetes objects"
	for name, c := range map[string]struct {
		flux string
		want []string
	}{
		"Git":     {git, nil},
		"Bucket":  {bucket(""), []string{stray}},
		"Ignored": {bucket(", ignore: .sops.yaml"), nil},
	} {
		var got []string
		for _, p := range load(t, map[string]string{"flux.yaml": c.flux, "k/a.yaml": configMap("a"), "k/.sops.yaml": "creation_rules: []\n"}).Problems {
			got = append(got, p.Place.String()+" "+p.Message)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}
