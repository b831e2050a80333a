package containerlog_test

import (
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/containerlog"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// TestTail: the log of the run that ended comes first.
func TestTail(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	log := func(previous bool, outcome facts.Outcome, lines ...string) facts.Log {
		return facts.Log{Query: facts.LogQuery{Pod: healthy.DevPod().Ref, Container: "main", Previous: previous}, Outcome: outcome, Lines: lines}
	}
	for name, one := range map[string]struct {
		logs []facts.Log
		want string // "" for no evidence
	}{
		"Both":      {[]facts.Log{log(true, facts.Found, "panic:", "it crashed"), log(false, facts.Found, "starts")}, "panic:\nit crashed"},
		"Present":   {[]facts.Log{log(false, facts.Found, "starts")}, "starts"},
		"Empty":     {[]facts.Log{log(true, facts.Found), log(false, facts.Found, "starts")}, "starts"},
		"Forbidden": {[]facts.Log{log(true, facts.Forbidden, "x")}, ""},
		"NotRead":   {nil, ""},
	} {
		w := healthy.Copy(t)
		for _, l := range one.logs {
			w.PutLog(l)
		}
		got := containerlog.Tail(w.Development(), w.DevPod(), "main")
		if (len(got) == 0) != (one.want == "") || len(got) > 0 && (got[0].Value != one.want || got[0].Path != "log of main") {
			t.Errorf("%s: %+v, want %q", name, got, one.want)
		}
	}
}

// TestMissingFile: the messages are those of Go, Python, Node.js, Java, nginx and a shell.
func TestMissingFile(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	mount := func(at string) map[string]any {
		return map[string]any{"name": "main", "volumeMounts": []any{map[string]any{"name": "a", "mountPath": at}}}
	}
	const file = "/etc/app/config.yaml"
	for name, c := range map[string]struct {
		log       string
		container map[string]any
		want      string // the file; "" for none
	}{
		"Go":           {log: "start\npanic: open " + file + ": no such file or directory", want: file},
		"Python":       {log: "FileNotFoundError: [Errno 2] No such file or directory: '" + file + "'", want: file},
		"Node":         {log: "Error: ENOENT: no such file or directory, open '" + file + "'", want: file},
		"Java":         {log: "java.io.FileNotFoundException: " + file + " (No such file or directory)", want: file},
		"Nginx":        {log: `[emerg] open() "` + file + `" failed (2: No such file or directory)`, want: file},
		"Shell":        {log: "sh: " + file + ": No such file or directory", want: file},
		"Twice":        {log: "open " + file + ": no such file or directory\nexit: open " + file + ": no such file or directory", want: file},
		"Two":          {log: "open " + file + ": no such file or directory\nopen /etc/app/b: no such file or directory"},
		"Relative":     {log: "open config.yaml: no such file or directory"},
		"Root":         {log: "open /x: no such file or directory"},
		"OtherError":   {log: "open " + file + ": permission denied"},
		"Elsewhere":    {log: "open " + file + ": no such file or directory", container: mount("/etc/other"), want: file},
		"SamePrefix":   {log: "open " + file + ": no such file or directory", container: mount("/etc/ap"), want: file},
		"Folder":       {log: "open " + file + ": no such file or directory", container: mount("/etc/app")},
		"FolderAbove":  {log: "open " + file + ": no such file or directory", container: mount("/etc/")},
		"TheFile":      {log: "open " + file + ": no such file or directory", container: mount(file)},
		"Substitution": {log: "open /etc/$(id)/x: no such file or directory"},
	} {
		w := healthy.Copy(t)
		pod := w.DevPod()
		if c.container != nil {
			w.Set(pod, []any{c.container}, "spec", "containers")
		}
		got := containerlog.MissingFile(w.Development(), w.DevPod(), "main", []trace.Evidence{{Path: "log of main", Value: c.log}})
		if (got == "") != (c.want == "") || !strings.Contains(got, "names "+c.want) && c.want != "" {
			t.Errorf("%s: %q, want %q in it", name, got, c.want)
		}
		if other := containerlog.MissingFile(w.Development(), w.DevPod(), "sidecar", []trace.Evidence{{Path: "log of sidecar", Value: c.log}}); other != "" {
			t.Errorf("%s: %q for a container that is not rendered", name, other)
		}
		if c.want != "" && !strings.Contains(got, "spec.container.files of Workload healthy/greeter-service-workload in Git, with mountPath /etc/app") {
			t.Errorf("%s: %q", name, got)
		}
	}
}
