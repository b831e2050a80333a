package lab

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab/addon"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/build"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/client"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/process"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/state"
)

// starter starts the parts of a lab, and installs what they need.
type starter struct {
	*client.Client
	state          *state.State
	logf           func(format string, args ...any)
	started        time.Time
	endsWithParent bool // the parts end with this process
}

func (s *starter) up(ctx context.Context, o Options) error {
	chosen, err := addon.Choose(o.With)
	if err != nil {
		return err
	}
	if s.state.Binaries, err = build.All(ctx, familiesOf(chosen), s.progress); err != nil {
		return err
	}
	if err := s.state.ClaimPorts(ctx, o.Wait); err != nil {
		return err
	}
	if err := s.startGit(ctx); err != nil {
		return err
	}
	if err := s.startCluster(ctx, ""); err != nil {
		return err
	}
	if err := s.startAdmission(ctx); err != nil {
		return err
	}
	if err := s.install(ctx, "", GatewayAPIVersion); err != nil {
		return err
	}
	if err := s.startFlux(ctx); err != nil {
		return err
	}
	if err := s.startOpenChoreo(ctx); err != nil {
		return err
	}
	if o.RemotePlane {
		if err := s.addRemotePlane(ctx, o.RemoteGatewayAPI); err != nil {
			return err
		}
	}
	if err := s.startOperators(ctx, chosen); err != nil {
		return err
	}
	s.state.Complete = true
	return s.state.Save()
}

func (s *starter) progress(format string, args ...any) {
	s.logf("%5.1fs  %s", time.Since(s.started).Seconds(), fmt.Sprintf(format, args...))
}

// Run starts a part, saves it in the state file, and waits until it is ready.
func (s *starter) Run(ctx context.Context, p *process.Part, limit time.Duration, ready func(context.Context) error) error {
	if p.Path == "" {
		p.Path = s.program(p.Name)
	}
	p.Log, p.EndsWithParent = filepath.Join(s.state.Dir, "logs", p.Name+".log"), s.endsWithParent
	if err := p.Start(); err != nil {
		return err
	}
	s.state.Parts = append(s.state.Parts, p)
	if err := s.state.Save(); err != nil {
		return err
	}
	if err := p.WaitReady(ctx, limit, ready); err != nil {
		return err
	}
	s.progress("%s is up (pid %d)", p.Name, p.PID)
	return nil
}

// program returns the path of the binary with the longest name that is a prefix of the part's name.
func (s *starter) program(part string) string {
	best := ""
	for name := range s.state.Binaries {
		if len(name) > len(best) && len(part) >= len(name) && part[:len(name)] == name {
			best = name
		}
	}
	return s.state.Binaries[best]
}
