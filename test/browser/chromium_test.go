package browser

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// opened is a page in a browser of its own, with all that it was seen to do wrong.
type opened struct {
	context context.Context
	mutex   sync.Mutex
	faults  []string
}

// visit starts a browser for one page. Whatever the page asks for but itself, and whatever the browser complains of, is a fault.
func visit(t *testing.T, file string) *opened {
	t.Helper()
	bounded, stop := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(stop)
	browser, stop := chromedp.NewExecAllocator(bounded, append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chromium(t)),
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))...)
	t.Cleanup(stop)
	tab, stop := chromedp.NewContext(browser)
	t.Cleanup(stop)
	o := &opened{context: tab}
	if err := chromedp.Listen(tab, o.listen(file)); err != nil {
		t.Fatal(err)
	}
	for _, domain := range []cdp.Command[cdp.Empty, cdp.Empty]{log.Enable, runtime.Enable} {
		if _, err := chromedp.Call(tab, domain, cdp.Empty{}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := chromedp.Call(tab, network.Enable, network.EnableParams{}); err != nil {
		t.Fatal(err)
	}
	o.do(t, chromedp.Navigate("file://"+file))
	return o
}

func (o *opened) do(t *testing.T, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(o.context, steps...); err != nil {
		t.Fatal(err)
	}
}

func (o *opened) media(t *testing.T, params emulation.SetEmulatedMediaParams) {
	t.Helper()
	if _, err := chromedp.Call(o.context, emulation.SetEmulatedMedia, params); err != nil {
		t.Fatal(err)
	}
}

// value asks the page, with a script that its own policy does not bind.
func value[T any](t *testing.T, o *opened, expression string) T {
	t.Helper()
	v, err := chromedp.Run(o.context, chromedp.Evaluate[T](expression))
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	return v
}

func (o *opened) listen(file string) func(any) {
	fault := func(text string) {
		o.mutex.Lock()
		defer o.mutex.Unlock()
		o.faults = append(o.faults, text)
	}
	return func(event any) {
		switch e := event.(type) {
		case *network.EventRequestWillBeSent:
			if e.Request.URL != "file://"+file {
				fault("the page asks for " + e.Request.URL)
			}
		case *log.EventEntryAdded:
			fault("the browser says: " + e.Entry.Text)
		case *runtime.EventConsoleAPICalled:
			fault("something writes to the console")
		case *runtime.EventExceptionThrown:
			fault("something throws: " + e.ExceptionDetails.Text)
		case *page.EventJavascriptDialogOpening:
			fault("a dialog opens: " + e.Message)
		}
	}
}

// chromium finds the browser. CI has one: .ci/run installs it.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("there is no chromium; install it, as .ci/run does")
	}
	t.Skip("there is no chromium, so the page was not looked at; install Debian's package chromium")
	return ""
}

const root = "../.."

// poisoned is the snapshot of a scenario, with hostile text in every message of one line.
func poisoned(t *testing.T, scenario string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "testdata", "scenarios", scenario, "snapshot.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	message := regexp.MustCompile(`(?m)^( +message:) [^|>\s].*$`)
	quoted := strings.ReplaceAll(strconv.QuoteToASCII(hostile), "$", "$$")
	return message.ReplaceAll(text, []byte("$1 "+quoted))
}

// manyPods is the snapshot of a scenario with so many more healthy pods, copies of the one that runs.
func manyPods(t *testing.T, scenario string, more int) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "testdata", "scenarios", scenario, "snapshot.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	name := regexp.MustCompile(`greeter-service-[a-z0-9-]+-ktr8f`)
	copies := func(s string) string {
		var all strings.Builder
		for i := range more {
			all.WriteString(name.ReplaceAllString(s, "greeter-copy-"+strconv.Itoa(i)))
		}
		return all.String()
	}
	documents := strings.SplitAfter(string(text), "\n---\n")
	for i, document := range documents {
		if strings.Contains(document, "\n  kind: Pod\n") && name.MatchString(document) {
			documents[i] += copies(document)
		}
	}
	item := regexp.MustCompile(`(?m)^  - \S+-ktr8f\n`) // of the list of pods
	return []byte(item.ReplaceAllStringFunc(strings.Join(documents, ""), func(line string) string { return line + copies(line) }))
}

// build builds the program that a user runs.
func build(t *testing.T) string {
	t.Helper()
	chromium(t) // or there is no need to build
	program := filepath.Join(t.TempDir(), "kubectl-choreo")
	command := exec.CommandContext(t.Context(), "go", "build", "-o", program, "./cmd/kubectl-choreo")
	command.Dir = root
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return program
}

// render runs the program as a user does, and returns the file of the page. exit is 2 for a component that failed, 4 for one that could
// not be read.
func render(t *testing.T, program string, snapshot []byte, exit int) string {
	t.Helper()
	trace := exec.CommandContext(t.Context(), program, "trace", "-o", "html", "--snapshot", "-")
	trace.Stdin = bytes.NewReader(snapshot)
	text, err := trace.Output()
	if trace.ProcessState.ExitCode() != exit {
		t.Fatalf("trace: %v", err)
	}
	file := filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
