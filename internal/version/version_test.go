package version

import (
	"runtime"
	"runtime/debug"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestBuild(t *testing.T) {
	t.Parallel()
	source := &debug.BuildInfo{
		Main:     debug.Module{Version: "v0.2.0-0.20261121-abc"},
		Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: "abc"}, {Key: "vcs.time", Value: "2026-11-21T00:00:00Z"}},
	}
	for name, c := range map[string]struct {
		linked Build
		info   *debug.BuildInfo
		want   Build
	}{
		"Release":     {Build{Version: "v0.1.0", Commit: "def", Date: "2026-11-20T00:00:00Z"}, source, Build{Version: "v0.1.0", Commit: "def", Date: "2026-11-20T00:00:00Z"}},
		"FromSource":  {Build{}, source, Build{Version: "v0.2.0-0.20261121-abc", Commit: "abc", Date: "2026-11-21T00:00:00Z"}},
		"GoInstall":   {Build{}, &debug.BuildInfo{Main: debug.Module{Version: "v0.1.0"}}, Build{Version: "v0.1.0"}},
		"NothingSaid": {Build{}, &debug.BuildInfo{}, Build{Version: "(devel)"}},
	} {
		c.want.Go, c.want.Platform = runtime.Version(), runtime.GOOS+"/"+runtime.GOARCH
		if diff := cmp.Diff(c.want, build(c.linked, c.info)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
	if Current().Go != runtime.Version() {
		t.Errorf("this build was made by %q", Current().Go)
	}
}
