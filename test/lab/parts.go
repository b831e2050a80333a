package lab

import (
	"context"
	"syscall"
)

// Pause suspends a part with SIGSTOP: its connections stay open without a response.
func (l *Lab) Pause(name string) error { return l.signal(name, syscall.SIGSTOP) }

// Continue resumes a paused part.
func (l *Lab) Continue(name string) error { return l.signal(name, syscall.SIGCONT) }

func (l *Lab) signal(name string, s syscall.Signal) error {
	p, err := l.state.Part(name)
	if err != nil {
		return err
	}
	return p.Signal(s)
}

// Stop terminates a part.
func (l *Lab) Stop(ctx context.Context, name string) error {
	p, err := l.state.Part(name)
	if err != nil {
		return err
	}
	return p.Stop(ctx)
}

// Restart starts a stopped part with the same arguments. It does nothing for a running part.
func (l *Lab) Restart(name string) error {
	p, err := l.state.Part(name)
	if err != nil || p.Alive() {
		return err
	}
	if err := p.Start(); err != nil {
		return err
	}
	return l.state.Save()
}
