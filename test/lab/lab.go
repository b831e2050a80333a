package lab

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/addon"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/build"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/client"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/process"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/state"
)

// Options configures a lab. The zero value is one cluster for all planes, named "dev".
type Options struct {
	Name string // default "dev"
	Dir  string // default DefaultDir(Name)
	// RemotePlane adds a second cluster as data plane "prod" with a separate agent.
	RemotePlane bool
	// RemoteGatewayAPI is the version of the Gateway API's CRDs on "prod"; default GatewayAPIVersion.
	RemoteGatewayAPI string
	// With are the names of additional operators; see addon.Names.
	With []string
	Wait bool                             // wait for another lab that holds the fixed ports
	Logf func(format string, args ...any) // prints progress; nil prints nothing
}

// Lab is a running lab.
type Lab struct {
	*client.Client
	state   *state.State
	starter *starter
	isNew   bool
}

func newLab(s *state.State, logf func(format string, args ...any)) *Lab {
	c := client.New(func(plane string) string { return s.Planes[plane].Kubeconfig }, func() string { return s.Binaries["kubectl"] })
	return &Lab{Client: c, state: s, starter: &starter{Client: c, state: s, logf: logf, started: time.Now()}}
}

// DefaultDir returns the state folder of a lab with that name.
func DefaultDir(name string) (string, error) {
	if base := os.Getenv("XDG_STATE_HOME"); base != "" {
		return filepath.Join(base, "kubectl-choreo", "lab", name), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("find a state folder: %w; set XDG_STATE_HOME", err)
	}
	return filepath.Join(home, ".local", "state", "kubectl-choreo", "lab", name), nil
}

// Up starts a lab, or attaches to a running one with this name and starts the missing operators. If a part does not start, Up stops all
// parts, and the error contains the last lines of its log.
func Up(ctx context.Context, o Options) (*Lab, error) {
	l, err := prepare(o)
	if err != nil {
		return nil, err
	}
	if !l.isNew {
		return l, l.starter.addOperators(ctx, o.With)
	}
	if err := l.starter.up(ctx, o); err != nil {
		return nil, errors.Join(err, stopAll(context.WithoutCancel(ctx), l.state))
	}
	return l, nil
}

// Build builds the missing programs of a lab without starting it.
func Build(ctx context.Context, o Options) error {
	chosen, err := addon.Choose(o.With)
	if err != nil {
		return err
	}
	s := starter{logf: o.Logf, started: time.Now()}
	if s.logf == nil {
		s.logf = func(string, ...any) {}
	}
	_, err = build.All(ctx, familiesOf(chosen), s.progress)
	return err
}

func prepare(o Options) (*Lab, error) {
	if o.Name == "" {
		o.Name = "dev"
	}
	if o.Dir == "" {
		dir, err := DefaultDir(o.Name)
		if err != nil {
			return nil, err
		}
		o.Dir = dir
	}
	if o.Logf == nil {
		o.Logf = func(string, ...any) {}
	}
	old, err := state.Load(o.Dir)
	switch {
	case err != nil:
		return nil, err
	case old != nil && old.Complete && old.AllAlive():
		return newLab(old, o.Logf), nil
	case old != nil && old.AnyAlive():
		return nil, fmt.Errorf("start lab %s: only some of its parts are running; see lab status, then lab down", o.Name)
	}
	if err := os.RemoveAll(o.Dir); err != nil {
		return nil, fmt.Errorf("clear the lab's folder: %w", err)
	}
	l := newLab(&state.State{Name: o.Name, Dir: o.Dir, Planes: map[string]state.Plane{}}, o.Logf)
	l.isNew = true
	return l, l.state.MakeFolders()
}

// Attach opens a lab that another command started.
func Attach(dir string) (*Lab, error) {
	s, err := state.Load(dir)
	if err != nil {
		return nil, err
	}
	if s == nil {
		return nil, fmt.Errorf("no lab in %s; start it with lab up", dir)
	}
	return newLab(s, func(string, ...any) {}), nil
}

// Down stops the parts in reverse order, and removes the lab's folder.
func (l *Lab) Down(ctx context.Context) error {
	if err := stopAll(ctx, l.state); err != nil {
		return err
	}
	if err := os.RemoveAll(l.state.Dir); err != nil {
		return fmt.Errorf("remove the lab's folder: %w", err)
	}
	return nil
}

func stopAll(ctx context.Context, s *state.State) error {
	var failed error
	for _, p := range slices.Backward(s.Parts) {
		failed = errors.Join(failed, p.Stop(ctx))
	}
	return failed
}

// Parts returns the processes of the lab, in start order.
func (l *Lab) Parts() []*process.Part { return l.state.Parts }

// Kubeconfig returns the kubeconfig of a plane for a cluster-admin user; "" is the control plane.
func (l *Lab) Kubeconfig(plane string) string { return l.state.Planes[plane].UserKubeconfig }

// Binary returns the path of a built program, such as kubectl.
func (l *Lab) Binary(name string) string { return l.state.Binaries[name] }

// GitOpsDir returns the working clone of the first tenant.
func (l *Lab) GitOpsDir() string { return filepath.Join(l.state.Dir, "gitops") }

// Dir returns the folder of the lab.
func (l *Lab) Dir() string { return l.state.Dir }
