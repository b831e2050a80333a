package pushed

import (
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
)

// TestFolder: the commands with which scripts, Makefiles and workflows push an artifact.
func TestFolder(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		file, text, want string
	}{
		"Flag":             {"push.sh", "flux push artifact oci://ghcr.io/org/apps:$TAG --path=./deploy/apps --source=x\n", "deploy/apps"},
		"FlagWithSpace":    {"Makefile", "push:\n\tflux push artifact oci://$(REGISTRY)/apps:latest \\\n\t  --path \"deploy/apps\" \\\n\t  --source x\n", "deploy/apps"},
		"Root":             {".github/workflows/push.yaml", "    - run: flux push artifact oci://ghcr.io/org/apps:latest --path=./\n", "."},
		"Variable":         {"push.sh", "root='deploy'\nflux push artifact oci://ghcr.io/org/apps:1 --path=${root}/apps\n", "deploy/apps"},
		"VariableOfEnv":    {".github/workflows/push.yaml", "env:\n  ROOT: deploy\nsteps:\n- run: flux push artifact oci://ghcr.io/org/apps:1 --path=${{ env.ROOT }}/apps\n", "deploy/apps"},
		"Function":         {"push.sh", "root=deploy\npush() {\n  flux push artifact oci://$1 --path=\"$2\"\n}\npush \"${registry}/apps:local\" \"${root}/apps\"\n", "deploy/apps"},
		"TwoFolders":       {"push.sh", "flux push artifact oci://a/apps --path=deploy/apps\nflux push artifact oci://b/apps --path=deploy/infra\n", ""},
		"AnotherArtifact":  {"push.sh", "flux push artifact oci://ghcr.io/org/infra --path=deploy/infra\n", ""},
		"NoSuchFolder":     {"push.sh", "flux push artifact oci://ghcr.io/org/apps --path=gone\n", ""},
		"UnknownVariable":  {"push.sh", "flux push artifact oci://ghcr.io/org/apps --path=$2/apps\n", ""},
		"NoCommand":        {"README.md", "oci://ghcr.io/org/apps has the files of deploy/apps\n", ""},
		"VariableOfItself": {"push.sh", "a=$a\nflux push artifact oci://ghcr.io/org/apps --path=$a\n", ""},
	} {
		files := tree.New(map[string][]byte{"deploy/apps/a.yaml": nil, "deploy/infra/b.yaml": nil, c.file: []byte(c.text)})
		got, found := CommandsIn(files).Folder("oci://registry:5000/org/apps")
		if got != c.want && (found || c.want != "") || found != (c.want != "") {
			t.Errorf("%s: %q, %t, want %q", name, got, found, c.want)
		}
	}
}

func TestByPaths(t *testing.T) {
	t.Parallel()
	files := tree.New(map[string][]byte{"deploy/apps/a.yaml": nil, "deploy/infra/b.yaml": nil, "other/apps/c.yaml": nil})
	for _, c := range []struct {
		paths   []string
		present int
		want    string
		count   int
	}{
		{[]string{"apps", "infra"}, 0, "deploy", 2},
		{[]string{"apps", "infra", "gone"}, 1, "deploy", 2},
		{[]string{"apps", "infra"}, 2, "", 0},
		{[]string{"apps"}, 0, "", 0},
		{nil, 0, "", 0},
	} {
		if got, count, found := ByPaths(files, c.paths, c.present); got != c.want || count != c.count || found != (c.want != "") {
			t.Errorf("%v: %q, %d, %t", c.paths, got, count, found)
		}
	}
}
