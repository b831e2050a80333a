package cmdutil

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/spf13/cobra"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// completionTime is how long a user who has pressed Tab waits, whatever the cluster and its login do.
const completionTime = 2 * time.Second

// completer completes names from the cluster and the kubeconfig.
type completer struct{ *Reader }

// completionTimeout is longer only where the line sets a longer --request-timeout.
func (r completer) completionTimeout() time.Duration {
	if *r.flags.Timeout == RequestTimeout {
		return completionTime
	}
	chosen, _ := clientcmd.ParseTimeout(*r.flags.Timeout)
	return max(completionTime, chosen)
}

// CompleteFlags completes the values of the flags that choose a cluster and what is read there.
func (r *Reader) CompleteFlags(cmd *cobra.Command) {
	c := completer{r}
	completes(cmd, "project", c.names(kinds.OpenChoreo, "Project"))
	completes(cmd, "environment", c.names(kinds.OpenChoreo, "Environment"))
	completes(cmd, "namespace", c.names(kinds.Core, "Namespace"))
	completes(cmd, "context", c.fromKubeconfig(func(k clientcmdapi.Config) []string { return slices.Collect(maps.Keys(k.Contexts)) }))
	completes(cmd, "cluster", c.fromKubeconfig(func(k clientcmdapi.Config) []string { return slices.Collect(maps.Keys(k.Clusters)) }))
	completes(cmd, "user", c.fromKubeconfig(func(k clientcmdapi.Config) []string { return slices.Collect(maps.Keys(k.AuthInfos)) }))
	completes(cmd, "plane", c.planeValues)
}

func completes(cmd *cobra.Command, flag string, with cobra.CompletionFunc) {
	if cmd.Flags().Lookup(flag) != nil {
		_ = cmd.RegisterFlagCompletionFunc(flag, with) // fails only where there is no such flag, or one already has it
	}
}

// CompleteWords completes a flag with words that are known without a cluster.
func CompleteWords(cmd *cobra.Command, flag string, words ...string) {
	completes(cmd, flag, func(_ *cobra.Command, _ []string, toComplete string) ([]string, cobra.ShellCompDirective) {
		return beginning(slices.Clone(words), toComplete), cobra.ShellCompDirectiveNoFileComp
	})
}

// CompleteColor completes --color.
func CompleteColor(cmd *cobra.Command) { CompleteWords(cmd, "color", "auto", "always", "never") }

// Components completes the names of components: so many at most, and none twice.
func (r *Reader) Components(most int) cobra.CompletionFunc {
	all := completer{r}.names(kinds.OpenChoreo, "Component")
	return func(cmd *cobra.Command, args []string, toComplete string) ([]string, cobra.ShellCompDirective) {
		if len(args) >= most || r.Snapshot != "" {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		names, directive := all(cmd, args, toComplete)
		return slices.DeleteFunc(names, func(name string) bool { return slices.Contains(args, name) }), directive
	}
}

// CompleteObjects completes a component, or KIND/NAME and KIND NAME once the kind is typed.
func CompleteObjects(r *Reader) cobra.CompletionFunc {
	components := r.Components(1)
	return func(cmd *cobra.Command, args []string, toComplete string) ([]string, cobra.ShellCompDirective) {
		kind, name, isObject := strings.Cut(toComplete, "/")
		prefix := kind + "/"
		if len(args) == 1 {
			kind, name, prefix, isObject = args[0], toComplete, "", true
		}
		if !isObject {
			return components(cmd, args, toComplete)
		}
		found := kinds.ByResource(kind)
		if len(args) > 1 || len(found) == 0 || r.Snapshot != "" {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		names, directive := completer{r}.names(found[0].Group, found[0].Kind)(cmd, args, name)
		for i := range names {
			names[i] = prefix + names[i]
		}
		return names, directive
	}
}

// names completes the names of a kind, as the cluster has them now.
func (r completer) names(group, kind string) cobra.CompletionFunc {
	return func(cmd *cobra.Command, _ []string, toComplete string) ([]string, cobra.ShellCompDirective) {
		names := r.inTime(cmd.Context(), func(ctx context.Context) []string {
			var names []string
			for _, ref := range r.list(ctx, group, kind) {
				names = append(names, ref.Name)
			}
			return names
		})
		return beginning(names, toComplete), cobra.ShellCompDirectiveNoFileComp
	}
}

// list requests the names of all objects of a kind, in the chosen namespace where it has them, and nothing else of these. Where
// anything fails there are none: a completion cannot report an error.
func (r completer) list(ctx context.Context, group, kind string) []facts.Ref {
	source, _, err := r.Connect()
	if err != nil {
		return nil
	}
	q := facts.Query{Plane: facts.Control, Group: group, Kind: kind, Names: true}
	if k, _ := kinds.Lookup(group, kind); k.Namespaced {
		q.Namespace = r.Subject.Namespace
	}
	l, _ := source.List(ctx, q)
	// What is no name of an object could mean anything to a shell.
	return slices.DeleteFunc(l.Items, func(ref facts.Ref) bool { return len(validation.IsDNS1123Subdomain(ref.Name)) > 0 })
}

// CompleteFrom completes with the words that read finds in the cluster, in the time of a completion. What is no name of an object could
// mean anything to a shell.
func CompleteFrom(ctx context.Context, r *Reader, toComplete string, read func(context.Context, facts.Source) []string) []string {
	c := completer{r}
	words := c.inTime(ctx, func(ctx context.Context) []string {
		source, _, err := r.Connect()
		if err != nil {
			return nil
		}
		return read(ctx, source)
	})
	return beginning(slices.DeleteFunc(words, func(word string) bool { return len(validation.IsDNS1123Subdomain(word)) > 0 }), toComplete)
}

// inTime is what ask answers in time. It is not waited for any longer: a program that logs in to a cluster knows of no context.
func (r completer) inTime(ctx context.Context, ask func(context.Context) []string) []string {
	limited, cancel := context.WithTimeout(ctx, r.completionTimeout())
	defer cancel()
	answer := make(chan []string, 1)
	go func() { answer <- ask(limited) }()
	select {
	case names := <-answer:
		return names
	case <-limited.Done():
		return nil
	}
}

// beginning are those that begin like that, sorted.
func beginning(names []string, like string) []string {
	names = slices.DeleteFunc(names, func(name string) bool { return !strings.HasPrefix(name, like) })
	slices.Sort(names)
	return slices.Compact(names)
}

// fromKubeconfig completes what the kubeconfig names. What has a control character in it is no word.
func (r completer) fromKubeconfig(names func(clientcmdapi.Config) []string) cobra.CompletionFunc {
	return func(_ *cobra.Command, _ []string, toComplete string) ([]string, cobra.ShellCompDirective) {
		config, err := r.flags.ToRawKubeConfigLoader().RawConfig()
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		words := slices.DeleteFunc(names(config), func(name string) bool { return strings.ContainsFunc(name, unicode.IsControl) })
		return beginning(words, toComplete), cobra.ShellCompDirectiveNoFileComp
	}
}

// planeValues completes NAME=CONTEXT: the names of planes from the cluster, then the contexts from the kubeconfig.
func (r completer) planeValues(cmd *cobra.Command, args []string, toComplete string) ([]string, cobra.ShellCompDirective) {
	name, context, named := strings.Cut(toComplete, "=")
	var words []string
	if named {
		contexts, _ := r.fromKubeconfig(func(c clientcmdapi.Config) []string { return slices.Collect(maps.Keys(c.Contexts)) })(cmd, args, context)
		contexts = append(contexts, beginning([]string{apiContext}, context)...)
		for _, context := range contexts {
			words = append(words, name+"="+context)
		}
		return words, cobra.ShellCompDirectiveNoFileComp
	}
	words = r.inTime(cmd.Context(), r.planeNames)
	return beginning(words, toComplete), cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}

// planeNames are those of both kinds, with the sign that a context follows.
func (r completer) planeNames(ctx context.Context) []string {
	var words []string
	for _, ref := range r.list(ctx, kinds.OpenChoreo, "ClusterDataPlane") {
		words = append(words, ref.Name+"=")
	}
	for _, ref := range r.list(ctx, kinds.OpenChoreo, "DataPlane") {
		words = append(words, ref.Namespace+"/"+ref.Name+"=")
	}
	return words
}
