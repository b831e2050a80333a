// Package choreo traces OpenChoreo components from Go: it reads a cluster and says what the plugin says.
//
//	t, err := choreo.Trace(ctx, config, facts.Subject{Namespace: "default", Component: "greeter-service"}, choreo.Options{})
//
// The parts can be used apart: Collect fills a facts.Snapshot, package assess makes a trace.Trace of it without a cluster,
// package verify gates on the Trace, and package printers prints it. Everything but Collect is a pure function.
package choreo

import (
	"context"
	"errors"
	"fmt"

	"k8s.io/client-go/rest"

	"github.com/kubectl-choreo/kubectl-choreo/internal/collect"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kube"
	"github.com/kubectl-choreo/kubectl-choreo/internal/reference"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Options of a reading. The zero value reads everything from the control plane's cluster.
type Options struct {
	// Planes are the clusters of data planes that are not the control plane's cluster, by the name of the ClusterDataPlane, or
	// namespace/name of the DataPlane.
	Planes map[facts.Plane]*rest.Config
	// Wanted is the revision that the component shall be at. The zero value takes what the source last fetched.
	Wanted facts.Revision
}

// Trace reads what a trace of the subject needs, and assesses it. The subject needs a namespace and a component; without
// environments, all are assessed. It fails when a name is invalid, a config cannot be used, or ctx ends. What could not be read is
// no error: its rungs are Unknown, and say why.
func Trace(ctx context.Context, config *rest.Config, subject facts.Subject, o Options) (*trace.Trace, error) {
	s, err := Collect(ctx, config, subject, o)
	if err != nil {
		return nil, err
	}
	return assess.Assess(s, s.TakenAt), nil
}

// Collect reads what a trace of the subject needs. Only get, list and the end of a crashed container's log are requested, and never a
// Secret. The errors are those of Trace.
func Collect(ctx context.Context, config *rest.Config, subject facts.Subject, o Options) (*facts.Snapshot, error) {
	if err := checkNames(subject); err != nil {
		return nil, fmt.Errorf("collect: %w", err)
	}
	configs := map[facts.Plane]*rest.Config{facts.Control: config}
	for plane, of := range o.Planes {
		if plane == facts.Control {
			return nil, fmt.Errorf("collect: %q in Planes is the control plane: give its config as the argument", plane)
		}
		configs[plane] = of
	}
	source, err := kube.New(configs, kube.Options{})
	if err != nil {
		return nil, fmt.Errorf("collect: %w", err)
	}
	s, err := collect.Run(ctx, source, subject, source.Now())
	if err != nil {
		return nil, err
	}
	s.Wanted = o.Wanted
	return s, nil
}

// checkNames refuses names that no object can have.
func checkNames(subject facts.Subject) error {
	errs := []error{reference.Namespace(subject.Namespace), reference.Name(subject.Component)}
	for _, name := range append([]string{subject.Project}, subject.Environments...) {
		if name != "" {
			errs = append(errs, reference.Name(name))
		}
	}
	return errors.Join(errs...)
}
