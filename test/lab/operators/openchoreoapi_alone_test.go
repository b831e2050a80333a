package operators

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/addon"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/suite"
)

// lone is a user without any kubeconfig.
type lone struct {
	kubeconfig  string // the value of KUBECONFIG
	environment []string
	flags       []string
}

func (u lone) run(ctx context.Context, t *testing.T, args ...string) suite.Result {
	t.Helper()
	cmd := shared.Command(ctx, t.TempDir(), u.kubeconfig, append(args, u.flags...)...)
	cmd.Path = shared.Plain
	cmd.Env = append(cmd.Env, u.environment...)
	return suite.Run(ctx, t, cmd)
}

// loneUser is one with a token in the environment.
func loneUser(t *testing.T, namespace, token string) lone {
	t.Helper()
	return lone{
		kubeconfig: filepath.Join(t.TempDir(), "absent"), environment: []string{"HOME=" + t.TempDir(), "OPENCHOREO_TOKEN=" + token},
		flags: []string{"-n", namespace, "--openchoreo-api", addressOf(addon.SecuredAPI)},
	}
}

// withoutKubeconfig: a token, or the login of occ, is enough for what only reads.
func withoutKubeconfig(ctx context.Context, t *testing.T, namespace string) {
	t.Helper()
	viewer := apiToken(ctx, t, addon.Viewer)
	given := loneUser(t, namespace, viewer)
	loggedIn := lone{environment: []string{"HOME=" + loggedIn(ctx, t, addressOf(addon.SecuredAPI), viewer)}, flags: []string{"-n", namespace}}
	for component, code := range map[string]string{"unpulled": "ImagePullBackOff", "crashing": "CrashLoopBackOff"} {
		await(ctx, t, func() error { return finds(given.run(ctx, t, "trace", component, "-o", "json"), code) })
	}
	for name, u := range map[string]lone{"Token": given, "Login": loggedIn} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for args, want := range whatLoneUsersRead() {
				r := u.run(ctx, t, strings.Fields(args)...)
				checkLone(t, args, r, want)
				if strings.Contains(r.Stdout+r.Stderr, viewer) {
					t.Errorf("%s: the token is printed", args)
				}
			}
			checkStates(ctx, t, u)
			checkFile(ctx, t, u)
		})
	}
	t.Run("Refused", func(t *testing.T) {
		t.Parallel()
		for name, token := range map[string]string{"NoToken": "", "Forged": viewer[:len(viewer)-8] + "AAAAAAAA", "Stranger": apiToken(ctx, t, addon.Stranger)} {
			refusedLone(ctx, t, name, loneUser(t, namespace, token))
		}
		r := lone{environment: []string{"HOME=" + t.TempDir()}}.run(ctx, t, "version")
		checkLone(t, "version", r, says{0, []string{"OpenChoreo and Flux not seen: cannot find a cluster: kubeconfig"}})
	})
}

// says is the exit code of a command, and words of what it prints.
type says struct {
	exit  int
	words []string
}

// whatLoneUsersRead is for a component that is healthy and for others that are not. Those that fail have one line.
func whatLoneUsersRead() map[string]says {
	return map[string]says{
		"trace well -e development":                               {4, []string{"unknown git no source reports a revision", "ok pod 1 running well:1.0.0", "Unknown, not failed:"}},
		"trace unpulled -e development":                           {2, []string{"unknown delivery not readable through openchoreo-api", "Failed at: pod (development) ImagePullBackOff"}},
		"trace crashing -e development":                           {2, []string{"Failed at: pod (development) CrashLoopBackOff", "kubectl choreo logs crashing"}},
		"verify well -e development --grace=1s --timeout=20s":     {4, []string{"Undecided: source Unreachable"}},
		"verify unpulled -e development --grace=1s --timeout=20s": {2, []string{"Failed: pod (development) ImagePullBackOff"}},
		"status":                              {0, []string{"ImagePullBackOff", "CrashLoopBackOff", "well:1.0.0", "greeter-service staging"}},
		"logs well -e development":            {0, []string{"listening on :9090"}},
		"logs crashing -e development":        {0, []string{"listening on :9090"}},
		"events well -e development":          {4, []string{"ScalingReplicaSet", "cannot read the events in namespace flux-system: openchoreo-api: it does not return Event"}},
		"events unpulled -e development":      {4, []string{"Warning Failed pod (development) pod/unpulled-development-"}},
		"open greeter-service -e development": {0, []string{"/greeter-service-http"}},
		"history well -e development":         {0, []string{"? committed, merged, fetched, applied: no clone was read"}},
		"history unpulled -e development":     {0, []string{"unpulled-", "failed"}},
		"diff well -e development --live":     {0, []string{"no difference between live and rendered"}},

		"open unpulled -e development":            {1, []string{"unpulled has no endpoint with a URL in development"}},
		"logs well -e development -f":             {1, []string{"openchoreo-api: it cannot follow a log; leave out --follow"}},
		"logs crashing -e development --previous": {1, []string{"openchoreo-api: it does not return the log of a previous run"}},
		"status -A":      {1, []string{"use -n instead of -A"}},
		"reconcile well": {1, []string{"cannot find a cluster: "}},
		"exporter":       {1, []string{"cannot find a cluster: "}},
		"trace nosuch":   {1, []string{`component "nosuch" not found`}},
	}
}

// checkLone checks what a command prints: not what requires a kubeconfig, and an error as one line.
func checkLone(t *testing.T, args string, r suite.Result, want says) {
	t.Helper()
	text := strings.Join(strings.Fields(r.Stdout+r.Stderr), " ")
	for _, words := range want.words {
		if r.Exit != want.exit || !strings.Contains(text, words) {
			t.Errorf("%s: exit %d, want %d and %q\n%s%s", args, r.Exit, want.exit, words, r.Stdout, r.Stderr)
		}
	}
	if want.exit == 1 && strings.Count(r.Stderr, "\n") != 1 {
		t.Errorf("%s: not one line: %s", args, r.Stderr)
	}
	for _, words := range []string{"get-contexts", "kubectl get ", "choreo reconcile", "flux reconcile"} {
		if strings.Contains(text, words) {
			t.Errorf("%s: %q requires a kubeconfig\n%s", args, words, r.Stdout)
		}
	}
}

// checkStates checks that of a component that cannot start everything is known but Flux, and what OpenChoreo's roles do not show.
func checkStates(ctx context.Context, t *testing.T, u lone) {
	t.Helper()
	want := map[string]string{
		"git": "Unknown", "source": "Unknown", "delivery": "Unknown", "project": "OK", "component": "OK", "workload": "OK", "release": "OK",
		"environment": "Unknown", "cell": "Unknown", "binding": "Progressing", "rendered": "OK", "resource": "Progressing", "pod": "Failed", "endpoint": "OK",
	}
	if diff := cmp.Diff(want, states(t, u.run(ctx, t, "trace", "unpulled", "-e", "development", "-o", "json"))); diff != "" {
		t.Errorf("rungs (-want +got)\n%s", diff)
	}
}

// states are those of all rungs of a trace of one environment.
func states(t *testing.T, r suite.Result) map[string]string {
	t.Helper()
	traced, err := suite.ParseTrace(r)
	if err != nil {
		t.Fatal(err)
	}
	states := map[string]string{}
	for _, rung := range append(traced.Rungs, traced.Environments[0].Rungs...) {
		states[rung.ID] = rung.State
	}
	return states
}

// checkFile checks that a snapshot of what the API returned is traced as the API is.
func checkFile(ctx context.Context, t *testing.T, u lone) {
	t.Helper()
	r := u.run(ctx, t, "snapshot", "unpulled", "-e", "development")
	file := filepath.Join(t.TempDir(), "snapshot.yaml")
	if err := os.WriteFile(file, []byte(r.Stdout), 0o600); err != nil || r.Exit != 0 {
		t.Fatalf("exit %d, %v: %s", r.Exit, err, r.Stderr)
	}
	traced := lone{environment: u.environment}.run(ctx, t, "trace", "--snapshot", file, "-o", "json")
	var got struct{ Failing struct{ Rung, Code string } }
	if err := json.Unmarshal([]byte(traced.Stdout), &got); err != nil || traced.Exit != 2 || got.Failing.Rung != "pod" || got.Failing.Code != "ImagePullBackOff" {
		t.Errorf("exit %d, %+v, %v: %s", traced.Exit, got, err, traced.Stderr)
	}
}

// refusedLone: each command reports a token that is no use in one line, before anything else.
func refusedLone(ctx context.Context, t *testing.T, name string, u lone) {
	t.Helper()
	for _, args := range []string{
		"trace unpulled", "verify unpulled --timeout=5s", "status", "logs unpulled -e development", "events unpulled -e development",
		"open unpulled -e development", "history unpulled", "snapshot unpulled",
	} {
		exit, words := 4, "rejects the token; set OPENCHOREO_TOKEN to a valid token"
		if name == "Stranger" {
			words = "you may not view Component"
		}
		if args == "status" { // it is no gate
			exit = 1
			if name == "Stranger" { // a list leaves out what may not be viewed
				words = "it returns no Component of namespace"
			}
		}
		r := u.run(ctx, t, strings.Fields(args)...)
		if r.Exit != exit || r.Stdout != "" || strings.Count(r.Stderr, "\n") != 1 || !strings.Contains(r.Stderr, words) {
			t.Errorf("%s: %s: exit %d, want %d and one line with %q\n%s%s", name, args, r.Exit, exit, words, r.Stdout, r.Stderr)
		}
	}
}
