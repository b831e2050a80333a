package browser

import (
	"bytes"
	"image/png"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// hostile is a message that tries to run a script, close an element, or reverse the text direction.
const hostile = "<script>document.title='owned'</script><img src=x onerror=document.title='owned'> ]]> \"quoted' `back` </pre></style>" +
	"\njavascript:alert(1) \u202etxt \x1b[31mred &lt;b&gt; {{.}}"

func TestPages(t *testing.T) {
	program := build(t)
	t.Run("Hostile", func(t *testing.T) { testHostile(t, program) })
	t.Run("ManyPods", func(t *testing.T) { testManyPods(t, program) })
	for scenario, exit := range map[string]int{"rights-missing": 4, "kustomization-build-fails": 2, "dependency-cycle": 2} {
		t.Run(scenario, func(t *testing.T) {
			o := openPage(t, render(t, program, hostileSnapshot(t, scenario), exit))
			checkLayout(t, o)
			checkColors(t, o)
		})
	}
}

// testHostile opens the page of a failing component whose every message is hostile.
func testHostile(t *testing.T, program string) {
	t.Helper()
	o := openPage(t, render(t, program, hostileSnapshot(t, "pod-image-pull"), 2))
	t.Run("NoRequestsOrErrors", func(t *testing.T) {
		o.mutex.Lock()
		defer o.mutex.Unlock()
		for _, problem := range o.problems {
			t.Error(problem)
		}
	})
	t.Run("HostileTextIsText", func(t *testing.T) {
		title := eval[string](t, o, `document.title`)
		if n := eval[int](t, o, `document.querySelectorAll("script, img, iframe, [onerror]").length`); n > 0 || title != "greeter-service: failed" {
			t.Errorf("title %q, %d elements that can run scripts", title, n)
		}
		text := eval[string](t, o, `document.body.textContent`)
		for _, want := range []string{"<script>document.title='owned'</script><img src=x", `]]> "quoted' `, `\u202etxt \x1b[31mred &lt;b&gt; {{.}}`} {
			if !strings.Contains(text, want) {
				t.Errorf("%q is not shown", want)
			}
		}
	})
	t.Run("StyleIsApplied", func(t *testing.T) {
		if border := eval[string](t, o, `getComputedStyle(document.querySelector(".mark")).borderRadius`); border != "50%" {
			t.Errorf("border radius %q of a mark: the content security policy blocks the style", border)
		}
	})
	t.Run("ExpandsByKeyboard", func(t *testing.T) { checkKeyboard(t, o) })
	t.Run("PrintsExpanded", func(t *testing.T) { checkPrint(t, o) })
	t.Run("LightAndDark", func(t *testing.T) { checkColors(t, o) })
	t.Run("FitsScreen", func(t *testing.T) { checkLayout(t, o) })
	t.Run("ClickSelectsCommand", func(t *testing.T) { checkSelection(t, o) })
	t.Run("LinksAreHTTP", func(t *testing.T) {
		if n := eval[int](t, o, `[...document.querySelectorAll("a[href]")].filter(a => !/^(https?:\/\/|#)/.test(a.getAttribute("href"))).length`); n > 0 {
			t.Errorf("%d links are neither HTTP URLs nor anchors", n)
		}
		if href := eval[string](t, o, `document.querySelector(".address a").href`); !strings.HasPrefix(href, "http://development-") {
			t.Errorf("the endpoint links to %q", href)
		}
		if n := eval[int](t, o, `[...document.querySelectorAll('a[href^="#"]')].filter(a => !document.getElementById(a.hash.slice(1))).length`); n > 0 {
			t.Errorf("%d anchors have no target on the page", n)
		}
	})
	t.Run("ExplanationExpands", func(t *testing.T) {
		const visible = `document.querySelector(".explained pre").checkVisibility()`
		before := eval[bool](t, o, visible)
		o.run(t, chromedp.Click(".explained > summary"))
		if after := eval[bool](t, o, visible); before || !after {
			t.Errorf("explanation visible before the click: %v, after it: %v; want false, true", before, after)
		}
	})
}

// testManyPods expects one expandable line for many healthy pods.
func testManyPods(t *testing.T, program string) {
	t.Helper()
	o := openPage(t, render(t, program, manyPods(t, "pod-image-pull", 39), 2))
	if line := eval[string](t, o, `document.querySelector("#e0-pod .fold > summary").textContent.trim()`); line != "✓ 40 ok: Pod" {
		t.Errorf("line of the healthy pods: %q", line)
	}
	const shown = `[...document.querySelectorAll("#e0-pod article")].filter(a => a.checkVisibility()).length`
	if n := eval[int](t, o, shown); n != 1 {
		t.Errorf("%d pods are visible, want only the failing one", n)
	}
	o.run(t, chromedp.Click("#e0-pod .fold > summary"))
	if n := eval[int](t, o, shown); n != 41 {
		t.Errorf("%d pods are visible after the click, want all", n)
	}
}

// checkLayout expects, at widths of phones and desktops, that nothing is wider than the screen, and that no command is cut off or scrolls.
// Each command must be a separate block.
func checkLayout(t *testing.T, o *browserPage) {
	t.Helper()
	eval[bool](t, o, `document.querySelectorAll("details").forEach(d => d.open = true) || true`)
	defer eval[bool](t, o, `document.querySelectorAll("details.more").forEach(d => d.open = false) || true`)
	const commands = `[...document.querySelectorAll(".next code")]`
	if n := eval[int](t, o, commands+`.length`); n == 0 {
		t.Error("the page has no commands")
	}
	if n := eval[int](t, o, commands+`.filter(c => getComputedStyle(c).display !== "block" || getComputedStyle(c).userSelect !== "all" || c.parentElement.children.length > 1).length`); n > 0 {
		t.Errorf("%d commands are not separate blocks", n)
	}
	for _, width := range []int{360, 400, 768, 1280} {
		o.run(t, chromedp.EmulateViewport(int64(width), 900))
		if over := eval[int](t, o, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); over > 0 {
			t.Errorf("width %d: the page is %d pixels wider than the screen", width, over)
		}
		if n := eval[int](t, o, commands+`.filter(c => c.scrollWidth > c.clientWidth || c.scrollHeight > c.clientHeight + 1 || c.getBoundingClientRect().right > innerWidth).length`); n > 0 {
			t.Errorf("width %d: %d commands are cut off", width, n)
		}
	}
}

// checkSelection expects that a click on a command selects exactly the command, without line breaks.
func checkSelection(t *testing.T, o *browserPage) {
	t.Helper()
	for _, width := range []int{400, 1280} {
		eval[bool](t, o, `getSelection().removeAllRanges() === undefined`) // a click on a selection would clear it
		o.run(t, chromedp.EmulateViewport(int64(width), 900), chromedp.Click(".answer .next code"))
		want := eval[string](t, o, `document.querySelector(".answer .next code").textContent`)
		if got := eval[string](t, o, `getSelection().toString()`); got != want || !strings.HasPrefix(got, "kubectl ") && !strings.HasPrefix(got, "occ ") {
			t.Errorf("width %d: a click selects %q, want %q", width, got, want)
		}
	}
}

// checkKeyboard moves the focus with Tab to the skip link and then to the shared rungs, and opens and closes them.
func checkKeyboard(t *testing.T, o *browserPage) {
	t.Helper()
	o.run(t, chromedp.KeyEvent(kb.Tab))
	if first := eval[string](t, o, `document.activeElement.className`); first != "skip" {
		t.Errorf("the first focus is %q, want the skip link", first)
	}
	o.run(t, chromedp.KeyEvent(kb.Enter), chromedp.KeyEvent(kb.Tab))
	if branch := eval[string](t, o, `document.activeElement.querySelector("h3").id`); branch != "all" {
		t.Errorf("the next focus is %q, want the shared rungs", branch)
	}
	for _, key := range []string{kb.Enter, " "} {
		before := eval[bool](t, o, `document.activeElement.parentElement.open`)
		o.run(t, chromedp.KeyEvent(key))
		if after := eval[bool](t, o, `document.activeElement.parentElement.open`); after == before {
			t.Errorf("key %q neither opens nor closes the rungs", key)
		}
	}
}

// lowContrast lists the texts whose contrast with their background is less than the 4.5 that WCAG 2.2 requires in 1.4.3.
const lowContrast = `(() => {
	const parts = color => color.match(/[\d.]+/g).map(Number);
	const luminance = color => {
		const [r, g, b] = parts(color).map(v => v / 255 <= .04045 ? v / 255 / 12.92 : ((v / 255 + .055) / 1.055) ** 2.4);
		return .2126 * r + .7152 * g + .0722 * b;
	};
	const ground = e => !e ? "rgb(255, 255, 255)" : parts(getComputedStyle(e).backgroundColor)[3] === 0 ? ground(e.parentElement) : getComputedStyle(e).backgroundColor;
	const contrast = e => {
		const [low, high] = [luminance(getComputedStyle(e).color), luminance(ground(e))].sort((a, b) => a - b);
		return (high + .05) / (low + .05);
	};
	const hasText = e => [...e.childNodes].some(n => n.nodeType === Node.TEXT_NODE && n.textContent.trim());
	return [...document.body.querySelectorAll("*")].filter(e => hasText(e) && e.checkVisibility() && contrast(e) < 4.5)
		.map(e => e.tagName + "." + e.className + " " + contrast(e).toFixed(1)).join(", ");
})()`

// checkColors takes screenshots in both color schemes. They must not be blank, dark must be dark, and texts need enough contrast.
func checkColors(t *testing.T, o *browserPage) {
	t.Helper()
	o.run(t, chromedp.EmulateViewport(1280, 900))
	brightness := map[string]float64{}
	for _, scheme := range []string{"light", "dark"} {
		o.setMedia(t, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
		if texts := eval[string](t, o, lowContrast); texts != "" {
			t.Errorf("%s: too little contrast: %s", scheme, texts)
		}
		picture, err := chromedp.Run(o.ctx, chromedp.FullScreenshot(100))
		if err != nil {
			t.Fatal(err)
		}
		decoded, err := png.Decode(bytes.NewReader(picture))
		if err != nil {
			t.Fatal(err)
		}
		shades := map[uint32]bool{}
		sum, count := 0.0, 0.0
		for y := 0; y < decoded.Bounds().Dy(); y += 3 {
			for x := 0; x < decoded.Bounds().Dx(); x += 3 {
				r, g, b, _ := decoded.At(x, y).RGBA()
				shades[(r>>8)<<16|(g>>8)<<8|b>>8] = true
				sum, count = sum+float64(r+g+b)/3/0xffff, count+1
			}
		}
		if brightness[scheme] = sum / count; len(shades) < 20 {
			t.Errorf("%s: the page is blank: %d colors", scheme, len(shades))
		}
	}
	if brightness["light"] < 0.8 || brightness["dark"] > 0.3 {
		t.Errorf("brightness %.2f in light and %.2f in dark", brightness["light"], brightness["dark"])
	}
}

// checkPrint expects that rungs are expanded in print, and YAML only if the user expanded it.
func checkPrint(t *testing.T, o *browserPage) {
	t.Helper()
	const conditions, yaml = `document.querySelector("#source table").checkVisibility()`, `document.querySelector("#source .more pre").checkVisibility()`
	check := func(when string, wantConditions, wantYAML bool) {
		t.Helper()
		if c, y := eval[bool](t, o, conditions), eval[bool](t, o, yaml); c != wantConditions || y != wantYAML {
			t.Errorf("%s: conditions of the source visible: %v, YAML: %v", when, c, y)
		}
	}
	check("screen", false, false)
	o.setMedia(t, emulation.SetEmulatedMediaParams{Media: "print"})
	defer o.setMedia(t, emulation.SetEmulatedMediaParams{})
	check("print", true, false)
	eval[bool](t, o, `document.querySelector("#source .more").open = true`)
	check("print with expanded YAML", true, true)
	eval[bool](t, o, `document.querySelector("#source .more").open = false`)
}
