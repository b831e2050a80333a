// Package mcp is the command that serves the verdicts of this program to agents, over the Model Context Protocol.
package mcp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/kubectl-choreo/kubectl-choreo/internal/cli/cmdutil"
	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
	server "github.com/kubectl-choreo/kubectl-choreo/internal/mcp"
	"github.com/kubectl-choreo/kubectl-choreo/internal/mcp/tool"
	"github.com/kubectl-choreo/kubectl-choreo/internal/version"
)

// RunCommand runs another command of the program, with streams of its own and without a keyboard. It prints the error; the one that it
// returns has only the exit code.
type RunCommand func(ctx context.Context, args []string, out, err io.Writer) error

type options struct {
	streams iostreams.IOStreams
	reader  cmdutil.Reader
	flags   *pflag.FlagSet
	run     RunCommand

	allowReconcile bool
	listen         string
	tokenFile      string
}

// NewCommand returns the command `mcp`. Its tools run other commands of the program.
func NewCommand(w iostreams.IOStreams, run RunCommand) *cobra.Command {
	o := &options{streams: w, reader: cmdutil.NewReader(w), run: run}
	cmd := &cobra.Command{
		Use: "mcp", SuggestFor: []string{"agent", "ai", "server"},
		Short: "Serve diagnoses to agents (MCP)",
		Long: `Serve the verdicts of this program to agents over the Model Context Protocol: on the standard input and output, or with --listen as
streamable HTTP on a loopback address, with a token. Tools: diagnose, status, trace, explain, diff, history, verify; lint with
--repo; reconcile with --allow-reconcile.

The server is read-only unless --allow-reconcile is given, and it never reads Secrets. The context and the namespace are those at
the start; no tool changes them. With --snapshot, the server reads a recorded state, or all of a folder, and no cluster.`,
		Example: `  kubectl choreo mcp -n default
  kubectl choreo mcp --context staging -n default --repo .
  kubectl choreo mcp --snapshot case.yaml
  kubectl choreo mcp --listen 127.0.0.1:8765 --http-token-file token`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := o.complete(); err != nil {
				return err
			}
			return o.serve(cmd.Context())
		},
	}
	o.flags = cmd.Flags()
	o.reader.AddFlags(cmd)
	f := cmd.Flags()
	f.Lookup("snapshot").Usage = "read this snapshot file, or all of this folder, instead of a cluster"
	f.Lookup("repo").Usage = "clone of the GitOps repository, for diff and history; if given, the tool lint checks its files"
	f.BoolVar(&o.allowReconcile, "allow-reconcile", false, "offer the tool reconcile, which writes annotations")
	f.StringVar(&o.listen, "listen", "", "loopback address for streamable HTTP, such as 127.0.0.1:8765 (default: standard input and output)")
	f.StringVar(&o.tokenFile, "http-token-file", "", "file with the token that HTTP clients must send (default: a new token, printed to standard error)")
	return cmd
}

func (o *options) complete() error {
	if err := o.reader.CheckPlanes(); err != nil {
		return err
	}
	switch {
	case o.reader.Revision != "":
		return errors.New("cannot use --revision: the tools have an argument for it")
	case o.allowReconcile && o.reader.Snapshot != "":
		return errors.New("cannot combine --allow-reconcile with --snapshot: a recorded state cannot be changed")
	case o.reader.Snapshot == "-":
		return errors.New("cannot read the snapshot from the standard input, which is for the protocol: name a file")
	case o.tokenFile != "" && o.listen == "":
		return errors.New("--http-token-file requires --listen")
	}
	return nil
}

func (o *options) serve(ctx context.Context) error {
	if o.streams.ReserveOutput != nil {
		o.streams.ReserveOutput()
	}
	host, err := o.host(ctx)
	if err != nil {
		return err
	}
	s := server.New(server.Options{
		Host: host, Version: version.Current().Version, AllowReconcile: o.allowReconcile, HasRepository: o.flags.Changed("repo"),
		Logger: slog.New(slog.NewTextHandler(o.streams.Err, &slog.HandlerOptions{Level: slog.LevelError})),
	})
	if o.listen != "" {
		return o.serveHTTP(ctx, s)
	}
	return o.serveStdio(ctx, s)
}

// host is the cluster, or the recorded states.
func (o *options) host(ctx context.Context) (tool.Host, error) {
	commands := commands{run: o.run}
	if o.flags.Changed("repo") {
		commands.folder = o.flags.Lookup("repo").Value.String()
	}
	if o.reader.Snapshot != "" {
		return newRecorded(ctx, o.reader.Snapshot, commands)
	}
	return newCluster(o, commands)
}

// place describes what the server is about.
func place(namespace, kubecontext string) string {
	if kubecontext == "" {
		return "namespace " + namespace
	}
	return fmt.Sprintf("namespace %s of kubeconfig context %s", namespace, kubecontext)
}
