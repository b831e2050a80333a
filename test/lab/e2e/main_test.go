// Package e2e breaks the real stack in every way that the tool must name, and traces it as a user would.
package e2e

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab"
)

var (
	attachTo = flag.String("lab", "", "folder of a lab that runs already; default: start one and end it")
	suffix   = flag.String("suffix", "", "of the names of tenants, to run again on a lab that runs already")
	record   = flag.Bool("record", false, "write the snapshots of the scenarios to testdata/scenarios")
)

// suite is what all tests share: one lab, and the program.
type suite struct {
	lab    *lab.Lab
	choreo string // the program, with the race detector
	plain  string // the program as users run it
}

var shared suite

func TestMain(m *testing.M) {
	if os.Getenv(lab.Serves) != "" {
		serve()
	}
	flag.Parse()
	code, err := runSuite(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// serve makes this test binary a server of the lab that it has started.
func serve() {
	if err := lab.Serve(context.Background(), os.Args[1:], time.Second); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

func runSuite(m *testing.M) (code int, err error) {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "choreo-e2e-")
	if err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := buildPrograms(ctx, dir); err != nil {
		return 1, err
	}
	if *attachTo != "" {
		shared.lab, err = lab.Attach(*attachTo)
		if err != nil {
			return 1, err
		}
	} else {
		if shared.lab, err = startLab(filepath.Join(dir, "lab")); err != nil {
			return 1, err
		}
		defer func() { err = errors.Join(err, shared.lab.Down(ctx)) }()
		downOnSignal(shared.lab)
	}
	if err := shared.lab.Welcome(ctx, lab.Options{}); err != nil {
		return 1, err
	}
	begin := time.Now()
	if code := m.Run(); code != 0 {
		return code, nil
	}
	return 0, checkRequests(begin)
}

// startLab starts a lab of the tests' own. An interrupt ends the parts that have started by then.
func startLab(dir string) (*lab.Lab, error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return lab.Up(ctx, lab.Options{
		Name: "e2e", Dir: dir, RemotePlane: true, RemoteGatewayAPI: "v1.4.0", Wait: true,
		Say: func(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) },
	})
}

func buildPrograms(ctx context.Context, dir string) (err error) {
	if shared.plain, err = buildProgram(ctx, filepath.Join(dir, "kubectl-choreo-plain"), "-trimpath", "-ldflags=-s -w"); err != nil {
		return err
	}
	if shared.choreo = shared.plain; *measure {
		return nil
	}
	shared.choreo, err = buildProgram(ctx, filepath.Join(dir, "kubectl-choreo"), "-race")
	return err
}

func buildProgram(ctx context.Context, to string, flags ...string) (string, error) {
	build := exec.CommandContext(ctx, "go", append(append([]string{"build"}, flags...), "-o", to, "./cmd/kubectl-choreo")...)
	build.Dir = filepath.Join("..", "..", "..")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build kubectl-choreo: %w\n%s", err, out)
	}
	return to, nil
}

// downOnSignal ends the lab when the tests are interrupted, as they then do not come to their own end.
func downOnSignal(l *lab.Lab) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		if err := l.Down(context.Background()); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		os.Exit(130)
	}()
}

// result is one run of the program.
type result struct {
	stdout, stderr string
	exit           int
}

// choreoAs runs the program as the user of a kubeconfig, in a folder that is no clone.
func choreoAs(ctx context.Context, t *testing.T, kubeconfig string, args ...string) result {
	t.Helper()
	return choreoIn(ctx, t, t.TempDir(), kubeconfig, args...)
}

func choreoIn(ctx context.Context, t *testing.T, dir, kubeconfig string, args ...string) result {
	t.Helper()
	return run(ctx, t, command(ctx, dir, kubeconfig, args...))
}

// againAs is choreoAs for what is asked every second. With the race detector a trace takes three times the work, and the
// controllers that are waited for would get little of the machine.
func againAs(ctx context.Context, t *testing.T, kubeconfig string, args ...string) result {
	t.Helper()
	cmd := command(ctx, t.TempDir(), kubeconfig, args...)
	cmd.Path = shared.plain
	return run(ctx, t, cmd)
}

func run(ctx context.Context, t *testing.T, cmd *exec.Cmd) result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) && ctx.Err() == nil {
		t.Fatalf("run kubectl-choreo: %v", err)
	}
	return result{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
}

func command(ctx context.Context, dir, kubeconfig string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, shared.choreo, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "KUBECONFIG="+kubeconfig, "KUBECTL_CHOREO_CONFIG="+os.DevNull)
	return cmd
}
