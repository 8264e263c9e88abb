import type { Headers } from './event.ts';

/** What a real switch tells of every channel besides: nobody needs it, everybody gets it. */
const PROFILE: Headers = [
  ['Channel-State-Number', '4'],
  ['Channel-HIT-Dialplan', 'true'],
  ['Channel-Read-Codec-Name', 'PCMA'],
  ['Channel-Read-Codec-Rate', '8000'],
  ['Channel-Read-Codec-Bit-Rate', '64000'],
  ['Channel-Write-Codec-Name', 'PCMA'],
  ['Channel-Write-Codec-Rate', '8000'],
  ['Channel-Write-Codec-Bit-Rate', '64000'],
  ['Caller-Logical-Direction', 'inbound'],
  ['Caller-Dialplan', 'XML'],
  ['Caller-Caller-ID-Name', 'Zoë Müller-Łukasz "Bar & Söhne"'],
  ['Caller-Orig-Caller-ID-Name', 'Zoë Müller-Łukasz "Bar & Söhne"'],
  ['Caller-Network-Addr', '203.0.113.17'],
  ['Caller-Destination-Number', '8000'],
  ['Caller-Source', 'mod_sofia'],
  ['Caller-Context', 'public'],
  ['Caller-Channel-Name', 'sofia/gateway/carrier/8000'],
  ['Caller-Profile-Index', '1'],
  ['Caller-Channel-Resurrect-Time', '0'],
  ['Caller-Channel-Bridged-Time', '0'],
  ['Caller-Channel-Last-Hold', '0'],
  ['Caller-Screen-Bit', 'true'],
  ['Caller-Privacy-Hide-Name', 'false'],
  ['Caller-Privacy-Hide-Number', 'false'],
  ['variable_channel_name', 'sofia/gateway/carrier/8000'],
  ['variable_sip_from_user', 'anonymous'],
  ['variable_sip_from_host', 'sip.carrier.example'],
  ['variable_sip_from_uri', 'anonymous@sip.carrier.example'],
  ['variable_sip_to_user', '8000'],
  ['variable_sip_req_uri', '8000@10.20.0.11:5060;transport=udp'],
  ['variable_sip_user_agent', 'Carrier SBC/7.2 (100 % löschbar)'],
  ['variable_sip_via_host', '203.0.113.17'],
  ['variable_switch_r_sdp', 'v=0\r\no=- 1 1 IN IP4 203.0.113.17\r\ns=-\r\nm=audio 30000 RTP/AVP 8 101\r\n'],
  ['variable_ep_codec_string', 'mod_spandsp.PCMA@8000h@20i@64000b'],
  ['variable_rtp_use_codec_name', 'PCMA'],
  ['variable_local_media_ip', '10.20.0.11'],
  ['variable_endpoint_disposition', 'ANSWER'],
  ['variable_max_forwards', '68'],
  ['variable_hangup_after_bridge', 'true'],
  ['variable_playback_last_offset_pos', '0'],
  ['variable_current_application', 'callcenter'],
];

/** The rest of an event about a channel, as a real switch would tell it; nothing for other events. */
export function channelDressing(own: Headers, options: { readonly hasDuplicateHeaders: boolean }): Headers {
  const known = new Map(own);
  const uniqueId = known.get('Unique-ID');
  if (uniqueId === undefined) return [];
  const dressing = PROFILE.filter(([name]) => !known.has(name));
  const cause = known.get('Hangup-Cause');
  const isTwice = options.hasDuplicateHeaders && cause !== undefined;
  return [
    ...dressing,
    ['Session-External-ID', uniqueId],
    ['variable_session_id', '1'],
    ...(isTwice ? [['Hangup-Cause', cause] as const] : []),
  ];
}
