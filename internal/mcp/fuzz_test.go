package mcp

import (
	"encoding/json"
	"log/slog"
	"regexp"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/mcp/answer"
)

// flag is a flag that a tool may give to a command, with a value that is no other flag.
var flag = regexp.MustCompile(`^--(timeout=[0-9]+s|(project|environment)=[a-z0-9.-]+|(revision|base)=[A-Za-z0-9][-A-Za-z0-9._/+]*|output=json|wait|dry-run|release=[a-z0-9.-]+|for=[0-9a-fA-F]{7,64}|live|mask-values)$`)

var objectName = regexp.MustCompile(`^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$`)

// FuzzArguments: whatever the arguments are, the server answers within its limit, and only names and values in their form reach the host.
func FuzzArguments(f *testing.F) {
	for name, all := range everyCall() {
		for _, arguments := range all {
			f.Add(name, arguments)
		}
	}
	f.Add("diagnose", `{"component":"--kubeconfig=/etc/passwd"}`)
	f.Add("diagnose", `{"component":"pod/../../x","environment":"a b","revision":"--upload-pack=x"}`)
	f.Add("diagnose", `{"component":"cart","revision":"--upload-pack=x"}`)
	f.Add("diagnose", `{"component":"cart","environment":"a b"}`)
	f.Add("verify", `{"components":["-A",""],"wait_seconds":1e99}`)
	f.Add("verify", `{"components":["cart"],"revision":"main\n--plane=x","wait_seconds":60}`)
	f.Add("status", `{"page":9223372036854775807}`)
	f.Add("status", `{"page":-1,"components":null}`)
	f.Add("lint", `{"path":"../..","base":"-o"}`)
	f.Add("trace", `{"rung":"`+strings.Repeat("x", 5000)+`"}`)
	f.Add("reconcile", `{"component":"cart","wait_seconds":0,"dry_run":true,"structured":true}`)
	f.Add("diff", `{"component":"--live","live":true}`)
	f.Add("diff", `{"component":"cart","environments":["staging","--snapshot=/etc/passwd"]}`)
	f.Add("diff", `{"component":"cart","revision":"main..feature","live":true}`)
	f.Add("diff", `{"component":"cart","revision":"feature","base":"--repo=/","structured":true}`)
	f.Add("diff", `{"component":"cart","releases":["cart-1",""],"environment":"a b"}`)
	f.Add("diff", `{"releases":["cart-1","-o=go-template={{.}}"]}`)
	f.Add("history", `{"component":"pod/cart"}`)
	f.Add("history", `{"component":"cart","commit":"--output=/x"}`)
	f.Add("history", `{"component":"cart","commit":"HEAD~1"}`)
	f.Add("history", `{"component":"cart","environment":"../x"}`)
	f.Add("no-such-tool", `[]`)
	host := &fake{text: hostileText}
	c := session(f, host, slog.New(slog.DiscardHandler))
	f.Fuzz(func(t *testing.T, name, arguments string) {
		if !json.Valid([]byte(arguments)) {
			t.Skip("a client cannot send it")
		}
		r, err := c.CallTool(t.Context(), &mcp.CallToolParams{Name: name, Arguments: json.RawMessage(arguments)})
		if err == nil {
			text := r.Content[0].(*mcp.TextContent).Text
			if size := answer.Tokens(text); size > answer.MostTokens {
				t.Errorf("%d tokens", size)
			}
		}
		if _, err := c.ListPrompts(t.Context(), nil); err != nil {
			t.Fatalf("the server has ended: %v", err)
		}
		host.check(t)
	})
}

// TestLimits: however long the texts of a cluster are, an answer keeps its limit, and says what was cut.
func TestLimits(t *testing.T) {
	t.Parallel()
	c := session(t, &fake{text: strings.Repeat("a long text 12345, ", 1500)}, slog.New(slog.DiscardHandler))
	for name, all := range everyCall() {
		most := map[string]int{"diagnose": answer.MostDiagnosis}[name]
		if most == 0 {
			most = answer.MostTokens
		}
		for _, arguments := range append(all, strings.TrimSuffix(all[0], "}")+`,"structured":true}`) {
			arguments = strings.Replace(arguments, "{,", "{", 1)
			if name == "explain" && strings.Contains(arguments, "structured") {
				continue
			}
			r, err := c.CallTool(t.Context(), &mcp.CallToolParams{Name: name, Arguments: json.RawMessage(arguments)})
			if err != nil || r.IsError {
				t.Fatalf("%s %s: %v %+v", name, arguments, err, r)
			}
			text := r.Content[0].(*mcp.TextContent).Text
			isCut := strings.Contains(text, "…") || strings.Contains(text, "Cut: ") || name == "explain" || name == "status" && !strings.Contains(arguments, "structured")
			if size := answer.Tokens(text); size > most || !isCut {
				t.Errorf("%s %s: %d tokens, at most %d; says what was cut: %v", name, arguments, size, most, isCut)
			}
		}
	}
}

// check fails if something else than names and flags has reached the host.
func (f *fake) check(t *testing.T) {
	t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, q := range f.queries {
		_, name, isObject := strings.Cut(q.Name, "/")
		if !isObject {
			name = q.Name
		}
		for _, one := range append([]string{name}, q.Environments...) {
			if one != "" && !objectName.MatchString(one) {
				t.Errorf("query %+v", q)
			}
		}
		if q.Revision != "" && !flag.MatchString("--revision="+q.Revision) {
			t.Errorf("query %+v", q)
		}
	}
	for _, c := range f.commands {
		for _, arg := range c.Args {
			if !flag.MatchString(arg) {
				t.Errorf("command %+v", c)
			}
		}
		for _, name := range c.Names {
			if name != "/repository" && !objectName.MatchString(name) {
				t.Errorf("command %+v", c)
			}
		}
	}
	f.queries, f.commands = nil, nil
}
