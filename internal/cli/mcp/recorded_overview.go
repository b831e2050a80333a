package mcp

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/cmdutil"
	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/components"
	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
	"github.com/kubectl-choreo/kubectl-choreo/internal/mcp/tool"
	"github.com/kubectl-choreo/kubectl-choreo/internal/resolve"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
)

// progressEvery is after how many files progress is reported.
const progressEvery = 10

// objectIn finds an object of a recorded state by KIND/NAME.
func objectIn(s *facts.Snapshot, named string) (facts.Ref, error) {
	kind, name, _ := strings.Cut(named, "/")
	wanted, err := resolve.Parse(kind, name)
	if err != nil {
		return facts.Ref{}, err
	}
	for _, o := range s.Objects() {
		for _, k := range wanted.Kinds {
			if o.Ref.Name == wanted.Name && o.Ref.Kind == k.Kind && o.Ref.Group == k.Group {
				return o.Ref, nil
			}
		}
	}
	return facts.Ref{}, fmt.Errorf("the recorded state of component %s has no %s", s.Subject.Component, named)
}

// Overview assesses the recorded states of a scope.
func (h *recorded) Overview(ctx context.Context, scope tool.Scope) (printers.StatusReport, error) {
	var chosen []tool.State
	for _, s := range h.states {
		byName := len(scope.Names) == 0 || slices.Contains(scope.Names, s.Subject.Component)
		if byName && (scope.State == "" || scope.State == s.Name) && (scope.Project == "" || scope.Project == s.Subject.Project) {
			chosen = append(chosen, s)
		}
	}
	if len(chosen) == 0 {
		return printers.StatusReport{}, fmt.Errorf("no recorded state of these components in %s", h.path)
	}
	reader := components.NewReader(iostreams.IOStreams{In: strings.NewReader(""), Out: &lines{}, Err: &lines{}})
	reader.Snapshot = h.path
	overview := reader.NewOverview(len(chosen))
	for at, state := range chosen {
		if err := ctx.Err(); err != nil {
			return printers.StatusReport{}, err
		}
		shared, err := h.snapshot(state)
		if err != nil {
			return printers.StatusReport{}, err
		}
		s := *shared
		if len(scope.Environments) > 0 {
			s.Subject.Environments = scope.Environments
		}
		overview.Take(ctx, at, &s)
		if scope.Progress != nil && (at+1)%progressEvery == 0 {
			scope.Progress(at+1, len(chosen))
		}
	}
	return overview.Report()
}

// Run runs a command about one recorded state.
func (h *recorded) Run(ctx context.Context, command tool.Command) (tool.Output, error) {
	if command.NoCluster {
		return h.start(ctx, command, nil)
	}
	name := ""
	switch len(command.Names) {
	case 0:
	case 1:
		name = cmdutil.ComponentName(command.Names[0])
	default:
		return tool.Output{}, fmt.Errorf("name one component: a recorded state has one")
	}
	state, err := h.state(command.State, name)
	if err != nil {
		return tool.Output{}, err
	}
	fixed := []string{"--snapshot=" + h.files[state.Name]}
	if command.Clone && h.folder != "" {
		fixed = append(fixed, "--repo="+h.folder)
	}
	return h.start(ctx, command, fixed)
}
