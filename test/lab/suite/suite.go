// Package suite has what the end-to-end tests share: a lab, the program, and scenarios that are traced and recorded.
package suite

import (
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
	attachTo = flag.String("lab", "", "folder of a running lab (default: start one, and stop it after the tests)")
	program  = flag.String("program", "", "path of a built kubectl-choreo (default: build it, with and without the race detector)")
	// Suffix is appended to the names of tenants.
	Suffix = flag.String("suffix", "", "suffix of the names of tenants, to run the tests again on a running lab")
	// Record is true if the tests write snapshots.
	Record = flag.Bool("record", false, "write the snapshots of the scenarios to testdata/scenarios")
)

// Attached reports whether the lab was started by another command.
func Attached() bool { return *attachTo != "" }

// Suite is the lab and the program that all tests share.
type Suite struct {
	Lab    *lab.Lab
	Choreo string // the program, with the race detector
	Plain  string // the program without the race detector
}

// Options configures a Suite.
type Options struct {
	Lab    lab.Options
	NoRace func() bool  // reports, after flags are parsed, whether Choreo has no race detector
	Setup  func(*Suite) // is called once before the tests
}

// Main runs the tests of a package and returns the exit code.
func Main(m *testing.M, o Options) int {
	if os.Getenv(lab.ServeEnv) != "" {
		return serve()
	}
	flag.Parse()
	code, err := o.run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	return code
}

// serve runs one of the lab's servers in this test binary.
func serve() int {
	if err := lab.Serve(context.Background(), os.Args[1:], time.Second); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func (o Options) run(m *testing.M) (code int, err error) {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "choreo-e2e-")
	if err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	s := &Suite{}
	if err := s.buildPrograms(ctx, dir, o.NoRace != nil && o.NoRace()); err != nil {
		return 1, err
	}
	if *attachTo != "" {
		s.Lab, err = lab.Attach(*attachTo)
		if err != nil {
			return 1, err
		}
	} else {
		if s.Lab, err = startLab(filepath.Join(dir, "lab"), o.Lab); err != nil {
			return 1, err
		}
		defer func() { err = errors.Join(err, s.Lab.Down(ctx)) }()
		downOnSignal(s.Lab)
		downBeforeTimeout(s.Lab)
	}
	if err := s.Lab.StartFirstTenant(ctx); err != nil {
		return 1, err
	}
	o.Setup(s)
	begin := time.Now()
	if code := m.Run(); code != 0 {
		return code, nil
	}
	return 0, s.checkRequests(begin)
}

// startLab starts a lab. An interrupt stops the parts that are already running.
func startLab(dir string, o lab.Options) (*lab.Lab, error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	o.Dir, o.Wait = dir, true
	o.Logf = func(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }
	return lab.Up(ctx, o)
}

func (s *Suite) buildPrograms(ctx context.Context, dir string, noRace bool) (err error) {
	if *program != "" {
		s.Plain, s.Choreo = *program, *program
		return nil
	}
	if s.Plain, err = buildProgram(ctx, filepath.Join(dir, "kubectl-choreo-plain"), "0", "-trimpath", "-ldflags=-s -w"); err != nil {
		return err
	}
	if s.Choreo = s.Plain; noRace {
		return nil
	}
	s.Choreo, err = buildProgram(ctx, filepath.Join(dir, "kubectl-choreo"), "1", "-race")
	return err
}

// buildProgram builds with cgo ("1") or without it ("0", as make lint compiles it).
func buildProgram(ctx context.Context, to, cgo string, flags ...string) (string, error) {
	build := exec.CommandContext(ctx, "go", append(append([]string{"build"}, flags...), "-o", to, "./cmd/kubectl-choreo")...)
	build.Dir = filepath.Join("..", "..", "..")
	build.Env = append(os.Environ(), "CGO_ENABLED="+cgo)
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build kubectl-choreo: %w\n%s", err, out)
	}
	return to, nil
}

// downBeforeTimeout stops the lab a minute before -timeout, which would end the tests without any cleanup.
func downBeforeTimeout(l *lab.Lab) {
	limit := flag.Lookup("test.timeout").Value.(flag.Getter).Get().(time.Duration)
	if limit <= time.Minute {
		return
	}
	time.AfterFunc(limit-time.Minute, func() {
		fmt.Fprintf(os.Stderr, "stopping the lab: the tests reach -timeout %s in a minute\n", limit)
		if err := l.Down(context.Background()); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	})
}

// downOnSignal stops the lab when the tests are interrupted: deferred functions do not run then.
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
