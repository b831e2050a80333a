// A program in another module that uses the packages below pkg/. It traces a component of a cluster or a snapshot:
//
//	go run . NAMESPACE COMPONENT
//	go run . SNAPSHOT
package main

import (
	"context"
	"fmt"
	"os"

	"k8s.io/client-go/tools/clientcmd"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/choreo"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts/snapshotfile"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/verify"
)

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1) //nolint:forbidigo // this is main
	}
}

func run(ctx context.Context, args []string) error {
	t, err := traceComponent(ctx, args)
	if err != nil {
		return err
	}
	p, err := printers.New("tree", printers.Options{Now: t.TakenAt})
	if err != nil {
		return err
	}
	if err := p.Print(os.Stdout, t); err != nil {
		return err
	}
	_, err = fmt.Fprintln(os.Stdout, "gate:", verify.Gate{}.Judge(t).Decision)
	return err
}

func traceComponent(ctx context.Context, args []string) (*trace.Trace, error) {
	switch len(args) {
	case 1:
		file, err := os.Open(args[0])
		if err != nil {
			return nil, fmt.Errorf("open snapshot: %w", err)
		}
		defer func() { _ = file.Close() }()
		s, err := snapshotfile.Read(file, args[0])
		if err != nil {
			return nil, err
		}
		return assess.Assess(s, s.TakenAt), nil
	case 2:
		config, err := clientcmd.NewNonInteractiveDeferredLoadingClientConfig(clientcmd.NewDefaultClientConfigLoadingRules(), nil).ClientConfig()
		if err != nil {
			return nil, fmt.Errorf("read kubeconfig: %w", err)
		}
		return choreo.Trace(ctx, config, facts.Subject{Namespace: args[0], Component: args[1]}, choreo.Options{})
	}
	return nil, fmt.Errorf("requires a snapshot, or a namespace and a component")
}
