// Package suite is what the end-to-end tests share: a lab, the program, and scenarios that are traced and recorded.
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
	attachTo = flag.String("lab", "", "folder of a lab that runs already; default: start one and end it")
	program  = flag.String("program", "", "kubectl-choreo that was built already, for a quick look; default: build it, once with the race detector")
	// Suffix is that of the names of tenants.
	Suffix = flag.String("suffix", "", "of the names of tenants, to run again on a lab that runs already")
	// Record is true if snapshots are written.
	Record = flag.Bool("record", false, "write the snapshots of the scenarios to testdata/scenarios")
)

// Attached reports whether the lab was started by another command.
func Attached() bool { return *attachTo != "" }

// Suite is what all tests share: one lab, and the program.
type Suite struct {
	Lab    *lab.Lab
	Choreo string // the program, with the race detector
	Plain  string // the program as users run it
}

// Options configures a Suite.
type Options struct {
	Lab   lab.Options
	Fast  func() bool  // whether Choreo has no race detector, when flags are parsed
	Ready func(*Suite) // is called before the tests
}

// Main runs the tests of a package, and returns the exit code.
func Main(m *testing.M, o Options) int {
	if os.Getenv(lab.Serves) != "" {
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

// serve makes this test binary a server of the lab that it has started.
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
	if err := s.buildPrograms(ctx, dir, o.Fast != nil && o.Fast()); err != nil {
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
	if err := s.Lab.Welcome(ctx, lab.Options{}); err != nil {
		return 1, err
	}
	o.Ready(s)
	begin := time.Now()
	if code := m.Run(); code != 0 {
		return code, nil
	}
	return 0, s.checkRequests(begin)
}

// startLab starts a lab of the tests' own. An interrupt ends the parts that have started by then.
func startLab(dir string, o lab.Options) (*lab.Lab, error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	o.Dir, o.Wait = dir, true
	o.Say = func(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }
	return lab.Up(ctx, o)
}

func (s *Suite) buildPrograms(ctx context.Context, dir string, fast bool) (err error) {
	if *program != "" {
		s.Plain, s.Choreo = *program, *program
		return nil
	}
	if s.Plain, err = buildProgram(ctx, filepath.Join(dir, "kubectl-choreo-plain"), "-trimpath", "-ldflags=-s -w"); err != nil {
		return err
	}
	if s.Choreo = s.Plain; fast {
		return nil
	}
	s.Choreo, err = buildProgram(ctx, filepath.Join(dir, "kubectl-choreo"), "-race")
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

// downBeforeTimeout ends the lab a minute before -timeout ends the tests, which leaves no time for it.
func downBeforeTimeout(l *lab.Lab) {
	limit := flag.Lookup("test.timeout").Value.(flag.Getter).Get().(time.Duration)
	if limit <= time.Minute {
		return
	}
	time.AfterFunc(limit-time.Minute, func() {
		fmt.Fprintf(os.Stderr, "the tests end in a minute, at -timeout %s: the lab ends now\n", limit)
		if err := l.Down(context.Background()); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	})
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
