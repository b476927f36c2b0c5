# PowerShell completion of publish-activity, printed by: publish-activity completion powershell
# Nothing of the words here, and nothing that is typed, is ever evaluated.

Register-ArgumentCompleter -Native -CommandName 'publish-activity', 'publish-activity.cmd' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    # The words of each list.
    $lists = @{
        @lists
    }
    # What an option takes: the name of a list, 'file', or nothing to offer.
    $values = @{
        @values
    }
    # What each command takes, in the order of the help.
    $commands = [ordered]@{
        @commands
    }
    @initial

    # Offers a word if it begins like what is typed, in quotes where it would mean something else without them.
    function Write-Offer([string] $text, [string] $about, [string] $lead, [string] $typed) {
        if (-not $text.StartsWith($typed, [StringComparison]::OrdinalIgnoreCase)) { return }
        $word = $text
        if ($text -notmatch '^(--)?[A-Za-z0-9][A-Za-z0-9_-]*$') { $word = "'" + ($text -replace "['\u2018-\u201b]", '$0$0') + "'" }
        if (-not $about) { $about = $text }
        [System.Management.Automation.CompletionResult]::new($lead + $word, $text, 'ParameterValue', $about)
    }

    $command = ''
    $option = ''
    $dashes = $false
    $count = 0
    foreach ($element in @($commandAst.CommandElements | Select-Object -Skip 1)) {
        if ($element.Extent.EndOffset -ge $cursorPosition) { break }
        $word = $element.Extent.Text
        if ($option) { $option = '' }
        elseif (-not $dashes -and $word -ceq '--') { $dashes = $true }
        elseif (-not $dashes -and $word.StartsWith('-')) { if ($values.ContainsKey($word)) { $option = $word } }
        elseif (-not $command -and $commands.Contains($word)) { $command = $word }
        else {
            if (-not $command) { $command = $initial }
            $count += 1
        }
    }

    $typed = $wordToComplete
    $lead = ''
    if (-not $option -and -not $dashes -and $typed -match '^(--[^=]+)=(.*)$') {
        $option = $Matches[1]
        $lead = $option + '='
        $typed = $Matches[2]
    }
    $typed = $typed -replace "^['\u2018-\u201b""\u201c-\u201e]", ''
    if ($option) {
        # Without an offer PowerShell helps with the names of files.
        if (-not $values.ContainsKey($option) -or $values[$option] -eq '') { return }
        foreach ($word in $lists[$values[$option]]) { Write-Offer $word '' $lead $typed }
        return
    }

    $own = $commands[$(if ($command) { $command } else { $initial })]
    $offers = @(
        if ($count -eq 0 -and -not $command) {
            foreach ($name in $commands.Keys) { Write-Offer $name $commands[$name].About '' $typed }
        }
        if (($count -eq 0 -or $own.Repeats) -and $own.List) {
            # What looks like an option is one, unless -- stands before it.
            foreach ($word in $lists[$own.List]) { if ($dashes -or -not $word.StartsWith('-')) { Write-Offer $word '' '' $typed } }
        }
    )
    # Options where they are asked for, and where nothing else can be offered.
    if (-not $dashes -and $offers.Count -eq 0 -and ($typed -eq '' -or $typed.StartsWith('-'))) {
        $offers = @(foreach ($pair in $own.Options) { Write-Offer $pair[0] $pair[1] '' $typed })
    }
    $offers
}
