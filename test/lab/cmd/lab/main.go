// Command lab runs the real stack, Flux and OpenChoreo on a Kubernetes without containers, on this machine.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/kubectl-choreo/kubectl-choreo/test/lab"
	"github.com/kubectl-choreo/kubectl-choreo/test/lab/addon"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "lab:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	if os.Getenv(lab.ServeEnv) != "" {
		return lab.Serve(ctx, os.Args[1:], 5*time.Second)
	}
	return newRoot().ExecuteContext(ctx)
}

func newRoot() *cobra.Command {
	root := &cobra.Command{Use: "lab", Short: "Run Flux and OpenChoreo on this machine, without containers", SilenceUsage: true, SilenceErrors: true}
	root.AddCommand(newBuild(), newUp(), newDown(), newStatus())
	return root
}

func newBuild() *cobra.Command {
	o := lab.Options{Logf: logf}
	cmd := &cobra.Command{
		Use: "build", Short: "Build the missing programs of the lab", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return lab.Build(cmd.Context(), o) },
	}
	withFlag(cmd, &o.With)
	return cmd
}

func logf(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }

func withFlag(cmd *cobra.Command, with *[]string) {
	cmd.Flags().StringSliceVar(with, "with", nil, "additional operators, or all: "+strings.Join(addon.Names(), ", "))
}

func newUp() *cobra.Command {
	o := lab.Options{Logf: logf}
	cmd := &cobra.Command{
		Use: "up", Short: "Start the lab and wait for greeter-service", Args: cobra.NoArgs,
		Long: `Build missing programs (about 20 minutes the first time, on two cores), start every part on free loopback
ports, and wait until greeter-service is healthy. For a running lab, only wait.

OpenChoreo requires two fixed ports, 8080 (health of cluster-gateway) and 9443 (webhooks of its manager). So only one lab
can run in a network namespace. A second one fails with the name of the first, or waits for it with --wait.

--with adds operators. Each is built once, in 2 to 10 minutes; test/lab/README.md lists versions and requirements.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			l, err := lab.Up(cmd.Context(), o)
			if err != nil {
				return err
			}
			if err := l.StartFirstTenant(cmd.Context()); err != nil {
				return err
			}
			fmt.Printf("export KUBECONFIG=%s\nGitOps clone: %s\n", l.Kubeconfig(""), l.GitOpsDir())
			return nil
		},
	}
	nameFlag(cmd, &o.Name, &o.Dir)
	cmd.Flags().BoolVar(&o.RemotePlane, "remote-plane", false, "add a second cluster as data plane \"prod\"")
	cmd.Flags().StringVar(&o.RemoteGatewayAPI, "remote-gateway-api", lab.GatewayAPIVersion, "version of the Gateway API on the second cluster")
	withFlag(cmd, &o.With)
	cmd.Flags().BoolVar(&o.Wait, "wait", false, "wait for another lab that holds the fixed ports")
	return cmd
}

func nameFlag(cmd *cobra.Command, name, dir *string) {
	cmd.Flags().StringVar(name, "name", "dev", "name of the lab")
	cmd.Flags().StringVar(dir, "state", "", "folder of the lab (default below the user's state folder)")
}

func attach(name, dir string) (*lab.Lab, error) {
	if dir == "" {
		var err error
		if dir, err = lab.DefaultDir(name); err != nil {
			return nil, err
		}
	}
	return lab.Attach(dir)
}

func newDown() *cobra.Command {
	var name, dir string
	cmd := &cobra.Command{
		Use: "down", Short: "Stop the parts of the lab and remove its folder", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			l, err := attach(name, dir)
			if err != nil {
				return err
			}
			return l.Down(cmd.Context())
		},
	}
	nameFlag(cmd, &name, &dir)
	return cmd
}

func newStatus() *cobra.Command {
	var name, dir string
	cmd := &cobra.Command{
		Use: "status", Short: "Print the parts of the lab and their logs", Args: cobra.NoArgs,
		RunE: func(_ *cobra.Command, _ []string) error {
			l, err := attach(name, dir)
			if err != nil {
				return err
			}
			return printStatus(l)
		},
	}
	nameFlag(cmd, &name, &dir)
	return cmd
}

func printStatus(l *lab.Lab) error {
	w := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', 0)
	stopped := 0
	for _, p := range l.Parts() {
		state := "running"
		if !p.Alive() {
			state = "STOPPED"
			stopped++
		}
		if _, err := fmt.Fprintf(w, "%s\t%s\t%d\t%s\t%s\n", p.Name, state, p.PID, p.Address, p.Log); err != nil {
			return err
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if stopped > 0 {
		return fmt.Errorf("%d parts are not running", stopped)
	}
	return nil
}
