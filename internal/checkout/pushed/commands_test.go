package pushed

import (
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/checkout/tree"
)

// TestExpand: the variables of shells, Makefiles and workflows. One that is not set, or is too long, stays.
func TestExpand(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", maxWord)
	values := map[string]string{"ROOT": "deploy", "LONG": long, "TOO_LONG": long + "a"}
	for in, want := range map[string]string{
		"./apps": "./apps", "$ROOT/apps": "deploy/apps", "${ROOT}/apps": "deploy/apps", "$(ROOT)/apps": "deploy/apps", "${{ROOT}}/apps": "deploy/apps", "${{env.ROOT}}/apps": "deploy/apps",
		"$ROOT/$ROOT": "deploy/deploy", "$OTHER/apps": "$OTHER/apps", "$1/apps": "$1/apps", "$LONG": long, "$TOO_LONG": "$TOO_LONG",
		"$ROOT" + long: "$ROOT" + long,
	} {
		if got := expand(in, values); got != want {
			t.Errorf("%s: %q, want %q", in, got, want)
		}
	}
}

// TestFolderIn: a command names one folder. With a flag, that alone counts.
func TestFolderIn(t *testing.T) {
	t.Parallel()
	files := tree.New(map[string][]byte{"deploy/apps/a.yaml": nil, "deploy/infra/b.yaml": nil})
	for name, c := range map[string]struct {
		line, want string
		found      bool
	}{
		"Flag":         {"flux push artifact oci://r/apps --path=deploy/apps deploy/infra", "deploy/apps", true},
		"ShortFlag":    {"flux push artifact oci://r/apps -f ./deploy/apps", "deploy/apps", true},
		"FlagOfNone":   {"flux push artifact oci://r/apps --path=gone deploy/apps", "gone", false},
		"Argument":     {`push "oci://r/apps", "deploy/apps";`, "deploy/apps", true},
		"SameTwice":    {"push deploy/apps ./deploy/apps", "deploy/apps", true},
		"TwoArguments": {"push deploy/apps deploy/infra", "", false},
		"Dot":          {"push . oci://r/apps", "", false},
		"None":         {"push oci://r/apps", "", false},
	} {
		if got, found := folderIn(files, c.line, nil); got != c.want || found != c.found {
			t.Errorf("%s: %q, %v, want %q, %v", name, got, found, c.want, c.found)
		}
	}
}
