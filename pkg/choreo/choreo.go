// Package choreo traces OpenChoreo components from Go: it reads a cluster and reports the same results as the plugin.
//
//	t, err := choreo.Trace(ctx, config, facts.Subject{Namespace: "default", Component: "greeter-service"}, choreo.Options{})
//
// The parts can be used separately: Collect fills a facts.Snapshot, package assess derives a trace.Trace from it without a
// cluster, package verify gates on the Trace, and package printers prints it. Everything but Collect is a pure function.
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

// Options configures Collect and Trace. The zero value reads everything from the control plane's cluster.
type Options struct {
	// Planes are the clusters of data planes outside the control plane's cluster, by the name of the ClusterDataPlane, or
	// namespace/name of the DataPlane.
	Planes map[facts.Plane]*rest.Config
	// Wanted is the expected revision of the component. The zero value means the revision that the source last fetched.
	Wanted facts.Revision
}

// Trace reads the objects that a trace of the subject needs, and assesses them. The subject needs a namespace and a component;
// without environments, all are assessed. It fails if a name is invalid, a config cannot be used, or ctx ends. An object that
// cannot be read is not an error: its rungs are Unknown, with the reason.
func Trace(ctx context.Context, config *rest.Config, subject facts.Subject, o Options) (*trace.Trace, error) {
	s, err := Collect(ctx, config, subject, o)
	if err != nil {
		return nil, err
	}
	return assess.Assess(s, s.TakenAt), nil
}

// Collect reads the objects that a trace of the subject needs. It requests only get, list and the end of a crashed container's
// log, and never a Secret. The errors are those of Trace.
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

// checkNames rejects names that are invalid for any object.
func checkNames(subject facts.Subject) error {
	errs := []error{reference.Namespace(subject.Namespace), reference.Name(subject.Component)}
	for _, name := range append([]string{subject.Project}, subject.Environments...) {
		if name != "" {
			errs = append(errs, reference.Name(name))
		}
	}
	return errors.Join(errs...)
}
