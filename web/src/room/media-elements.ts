import 'media-chrome/media-controller'
import 'media-chrome/media-control-bar'
import 'media-chrome/media-play-button'
import 'media-chrome/media-time-display'
import 'media-chrome/media-time-range'
import 'media-chrome/media-mute-button'
import 'media-chrome/media-volume-range'
import 'media-chrome/media-pip-button'
import 'media-chrome/media-fullscreen-button'
import 'media-chrome/media-loading-indicator'
import type { HTMLAttributes } from 'react'

type MediaElement = HTMLAttributes<HTMLElement> & { class?: string; slot?: string }

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'media-controller': MediaElement & { nohotkeys?: string; autohide?: string }
      'media-control-bar': MediaElement
      'media-play-button': MediaElement
      'media-time-display': MediaElement & { showduration?: string; notoggle?: string }
      'media-time-range': MediaElement
      'media-mute-button': MediaElement
      'media-volume-range': MediaElement
      'media-pip-button': MediaElement
      'media-fullscreen-button': MediaElement
      'media-loading-indicator': MediaElement
    }
  }
}
