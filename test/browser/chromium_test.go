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

// browserPage is a page in a separate browser, with the problems that were observed.
type browserPage struct {
	ctx      context.Context
	mutex    sync.Mutex
	problems []string
}

// openPage opens a file in a new browser. Each further request, and each message of the browser, is a problem.
func openPage(t *testing.T, file string) *browserPage {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 2*time.Minute)
	t.Cleanup(stop)
	browser, stop := chromedp.NewExecAllocator(ctx, append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chromium(t)),
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))...)
	t.Cleanup(stop)
	tab, stop := chromedp.NewContext(browser)
	t.Cleanup(stop)
	o := &browserPage{ctx: tab}
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
	o.run(t, chromedp.Navigate("file://"+file))
	return o
}

func (o *browserPage) run(t *testing.T, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(o.ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

func (o *browserPage) setMedia(t *testing.T, params emulation.SetEmulatedMediaParams) {
	t.Helper()
	if _, err := chromedp.Call(o.ctx, emulation.SetEmulatedMedia, params); err != nil {
		t.Fatal(err)
	}
}

// eval evaluates a script in the page. The page's content security policy does not apply to it.
func eval[T any](t *testing.T, o *browserPage, expression string) T {
	t.Helper()
	v, err := chromedp.Run(o.ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	return v
}

func (o *browserPage) listen(file string) func(any) {
	report := func(text string) {
		o.mutex.Lock()
		defer o.mutex.Unlock()
		o.problems = append(o.problems, text)
	}
	return func(event any) {
		switch e := event.(type) {
		case *network.EventRequestWillBeSent:
			if e.Request.URL != "file://"+file {
				report("the page requests " + e.Request.URL)
			}
		case *log.EventEntryAdded:
			report("browser log: " + e.Entry.Text)
		case *runtime.EventConsoleAPICalled:
			report("a script wrote to the console")
		case *runtime.EventExceptionThrown:
			report("uncaught exception: " + e.ExceptionDetails.Text)
		case *page.EventJavascriptDialogOpening:
			report("dialog: " + e.Message)
		}
	}
}

// chromium returns the path of the browser, which .ci/run installs in CI.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("chromium not found; install it like .ci/run")
	}
	t.Skip("chromium not found; install Debian's package chromium")
	return ""
}

const root = "../.."

// hostileSnapshot returns the snapshot of a scenario with hostile text in every single-line message.
func hostileSnapshot(t *testing.T, scenario string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "testdata", "scenarios", scenario, "snapshot.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	message := regexp.MustCompile(`(?m)^( +message:) [^|>\s].*$`)
	quoted := strings.ReplaceAll(strconv.QuoteToASCII(hostile), "$", "$$")
	return message.ReplaceAll(text, []byte("$1 "+quoted))
}

// manyPods returns the snapshot of a scenario with further healthy pods, which are copies of the running one.
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

// build builds the program.
func build(t *testing.T) string {
	t.Helper()
	chromium(t) // skips the test before the build
	program := filepath.Join(t.TempDir(), "kubectl-choreo")
	command := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-o", program, "./cmd/kubectl-choreo")
	command.Dir = root
	command.Env = append(os.Environ(), "CGO_ENABLED=0") // as make lint compiles it
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return program
}

// render runs the program and returns the file of the page. exit is the expected exit code.
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
