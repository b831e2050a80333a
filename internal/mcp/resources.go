package mcp

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-choreo/kubectl-choreo/docs/findings"
	"github.com/kubectl-choreo/kubectl-choreo/internal/mcp/answer"
	"github.com/kubectl-choreo/kubectl-choreo/internal/mcp/tool"
	"github.com/kubectl-choreo/kubectl-choreo/internal/mcp/tools"
	"github.com/kubectl-choreo/kubectl-choreo/internal/reference"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
)

const (
	findingsURI  = "choreo://findings"
	snapshotsURI = "choreo://snapshots"
)

// resources answers reads.
type resources struct{ host tool.Host }

func addResources(s *mcp.Server, host tool.Host) {
	r := resources{host}
	s.AddResource(&mcp.Resource{
		URI: findingsURI, Name: "findings", Title: "All finding codes", MIMEType: "text/plain", Description: "Each finding code with its meaning, by rung.",
	}, r.read(r.findings))
	s.AddResourceTemplate(&mcp.ResourceTemplate{
		URITemplate: findingsURI + "/{code}", Name: "finding", Title: "Page of a finding code", MIMEType: "text/markdown",
		Description: "Meaning, causes and fix of a finding code.",
	}, r.read(r.finding))
	s.AddResource(&mcp.Resource{
		URI: snapshotsURI, Name: "snapshots", Title: "Recorded states", MIMEType: "text/plain", Description: "The recorded states, with their components.",
	}, r.read(r.snapshots))
	s.AddResourceTemplate(&mcp.ResourceTemplate{
		URITemplate: snapshotsURI + "/{name}", Name: "snapshot", Title: "Objects that a trace reads", MIMEType: "text/plain",
		Description: "The objects that a trace of a component reads, numbered, with the outcome of each read. name is a recorded state, or a component of the cluster.",
	}, r.read(r.snapshot))
	s.AddResourceTemplate(&mcp.ResourceTemplate{
		URITemplate: snapshotsURI + "/{name}/{number}", Name: "object", Title: "One object of a snapshot", MIMEType: "text/plain",
		Description: "One object of a snapshot as YAML, by its number. Values are masked.",
	}, r.read(r.object))
}

// reader returns a text. path is what follows the kind of the resource in its URI.
type reader func(ctx context.Context, path []string) (answer.Text, string, error)

// read returns the handler of a resource, within the limit of an answer.
func (resources) read(read reader) mcp.ResourceHandler {
	return func(ctx context.Context, r *mcp.ReadResourceRequest) (*mcp.ReadResourceResult, error) {
		uri := r.Params.URI
		var path []string
		for _, part := range strings.Split(strings.TrimPrefix(uri, "choreo://"), "/")[1:] {
			unescaped, err := url.PathUnescape(part)
			if err != nil {
				return nil, mcp.ResourceNotFoundError(uri)
			}
			path = append(path, unescaped)
		}
		text, narrow, err := read(ctx, path)
		if err != nil {
			return nil, fmt.Errorf("cannot read %s: %s", answer.Cut(uri, 100), answer.Cut(answer.WithoutCredentials(err.Error()), mostOfRefusal))
		}
		return &mcp.ReadResourceResult{Contents: []*mcp.ResourceContents{{
			URI: uri, MIMEType: "text/plain", Text: text.String(answer.MostTokens, narrow),
		}}}, nil
	}
}

func (resources) findings(context.Context, []string) (t answer.Text, narrow string, err error) {
	rung := ""
	for _, e := range findings.Entries() {
		if e.Rung != rung {
			rung = e.Rung
			t.Page(rung + ":")
		}
		t.Page("  " + e.Code + ": " + e.Text)
	}
	return t, "Use the tool explain with rung.", nil
}

func (resources) finding(_ context.Context, path []string) (t answer.Text, narrow string, err error) {
	_, page, err := tools.Page(path[0])
	t.Page(page)
	return t, "", err
}

func (r resources) snapshots(context.Context, []string) (t answer.Text, narrow string, err error) {
	states := r.host.States()
	if len(states) == 0 {
		t.Say("No recorded states: this server reads a cluster, %s. %s/COMPONENT has the objects that a trace reads now.", r.host.Place(), snapshotsURI)
		return t, "", nil
	}
	for _, s := range states {
		t.Say("%s: component %s, namespace %s", answer.Name(s.Name), answer.Name(s.Subject.Component), answer.Name(s.Subject.Namespace))
	}
	return t, "Start the server with a folder of fewer files.", nil
}

// open reads the snapshot of a recorded state, or of a component.
func (r resources) open(ctx context.Context, name string) (*facts.Snapshot, error) {
	q := tool.Query{State: name}
	if len(r.host.States()) == 0 {
		if err := reference.Name(name); err != nil {
			return nil, err
		}
		q = tool.Query{Name: name}
	}
	reading, err := r.host.Read(ctx, q)
	return reading.Snapshot, err
}

func (r resources) snapshot(ctx context.Context, path []string) (t answer.Text, narrow string, err error) {
	s, err := r.open(ctx, path[0])
	if err != nil {
		return t, "", err
	}
	t.Say("%s/%s/NUMBER has one object.", snapshotsURI, answer.Name(path[0]))
	var lines []string
	for i, o := range objectsOf(s) {
		line := fmt.Sprintf("%d %s", i+1, style.ObjectName(o.Ref))
		if o.Outcome != facts.Found {
			line += ": " + style.OutcomeWords(o.Outcome, o.Reason)
		}
		lines = append(lines, line)
	}
	t.QuoteAll(strings.Join(lines, "\n"))
	return t, "Objects further down have higher numbers.", nil
}

// objectsOf are the objects of a snapshot in a stable order.
func objectsOf(s *facts.Snapshot) []facts.Object {
	return slices.SortedFunc(slices.Values(s.Objects()), func(a, b facts.Object) int { return a.Ref.Compare(b.Ref) })
}

func (r resources) object(ctx context.Context, path []string) (t answer.Text, narrow string, err error) {
	s, err := r.open(ctx, path[0])
	if err != nil {
		return t, "", err
	}
	objects := objectsOf(s)
	number, err := strconv.Atoi(path[1])
	if err != nil || number < 1 || number > len(objects) {
		return t, "", fmt.Errorf("no object %q: use a number from 1 to %d", answer.Cut(path[1], 20), len(objects))
	}
	o := objects[number-1]
	if o.Body == nil {
		t.Quote(style.ObjectName(o.Ref)+": "+style.OutcomeWords(o.Outcome, o.Reason), 500)
		return t, "", nil
	}
	text, err := yaml.Marshal(o.Body.Object)
	if err != nil {
		return t, "", fmt.Errorf("write %s: %w", o.Ref, err)
	}
	t.QuoteAll(string(text))
	return t, "The rest of the object is only in the file or the cluster.", nil
}
